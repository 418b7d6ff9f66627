package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.release.ComparedExposure.Sides;
import dev.faultline.release.ReleaseCounts.ClusterCount;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which of many clusters have another rate than before: of those that are called so, one in twenty is false at most on the average
 * (Benjamini and Hochberg, 1995), by exact conditional tests of both directions.
 *
 * @param count of tests
 */
record ManyTests(List<ClusterCount> found, Set<ClusterId> ids, int count) {
    private static final double FALSE_SHARE = 0.05;

    /** Both counts of a cluster: those of few crashes are alike, and there are many of them. */
    private record Counts(long baseline, long candidate) {}

    static ManyTests of(List<ClusterCount> clusters, Sides exposure) {
        if (exposure.baseline() <= 0 || exposure.candidate() <= 0) {
            return new ManyTests(List.of(), Set.of(), clusters.size());
        }
        Map<Counts, Double> known = new HashMap<>();
        double[] chances = new double[clusters.size()];
        for (int i = 0; i < chances.length; i++) {
            var whole = clusters.get(i).whole;
            chances[i] = known.computeIfAbsent(
                    new Counts(whole.baseline().counted(), whole.candidate().counted()),
                    counts -> chance(counts, exposure));
        }
        double threshold = threshold(chances);
        List<ClusterCount> found = IntStream.range(0, chances.length)
                .filter(i -> chances[i] <= threshold)
                .mapToObj(clusters::get)
                .toList();
        return new ManyTests(
                found,
                found.stream().map(cluster -> cluster.id).collect(Collectors.toUnmodifiableSet()),
                clusters.size());
    }

    private static double chance(Counts counts, Sides exposure) {
        boolean more = counts.candidate() * exposure.baseline() > counts.baseline() * exposure.candidate();
        return Math.min(
                1,
                2
                        * Rates.chance(
                                counts.baseline(),
                                exposure.baseline(),
                                counts.candidate(),
                                exposure.candidate(),
                                more));
    }

    /** The largest chance that is still a finding; −1 where none is. */
    static double threshold(double[] chances) {
        double[] sorted = chances.clone();
        Arrays.sort(sorted);
        for (int found = sorted.length; found > 0; found--) {
            if (sorted[found - 1] <= FALSE_SHARE * found / sorted.length) {
                return sorted[found - 1];
            }
        }
        return -1;
    }

    boolean found(ClusterCount cluster) {
        return ids.contains(cluster.id);
    }
}
