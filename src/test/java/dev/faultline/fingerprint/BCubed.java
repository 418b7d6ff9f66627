package dev.faultline.fingerprint;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * B-cubed precision and recall (Bagga and Baldwin 1998): for each crash the part of its cluster that is of its bug, and the
 * part of its bug that is in its cluster; the mean of each over all crashes.
 */
record BCubed(double precision, double recall, int clusters) {

    /** Crash by crash: its bug, its cluster. */
    static BCubed of(List<Integer> bugs, List<String> clusters) {
        Map<Integer, Integer> ofBug = new HashMap<>();
        Map<String, Integer> ofCluster = new HashMap<>();
        Map<String, Map<Integer, Integer>> both = new HashMap<>();
        for (int i = 0; i < bugs.size(); i++) {
            ofBug.merge(bugs.get(i), 1, Integer::sum);
            ofCluster.merge(clusters.get(i), 1, Integer::sum);
            both.computeIfAbsent(clusters.get(i), none -> new HashMap<>()).merge(bugs.get(i), 1, Integer::sum);
        }
        double precision = 0;
        double recall = 0;
        for (int i = 0; i < bugs.size(); i++) {
            double together = both.getOrDefault(clusters.get(i), Map.of()).getOrDefault(bugs.get(i), 0);
            precision += together / ofCluster.getOrDefault(clusters.get(i), 1);
            recall += together / ofBug.getOrDefault(bugs.get(i), 1);
        }
        return new BCubed(precision / bugs.size(), recall / bugs.size(), ofCluster.size());
    }

    double f1() {
        return 2 * precision * recall / (precision + recall);
    }
}
