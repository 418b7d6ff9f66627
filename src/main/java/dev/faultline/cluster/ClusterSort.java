package dev.faultline.cluster;

import dev.faultline.http.Problem;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Orders of the cluster list, each largest or newest first; the newer cluster goes first among equals. */
public enum ClusterSort {
    IMPACT("impact"),
    DEVICES("devices"),
    CRASHES("crashes"),
    FIRST_SEEN("firstSeen"),
    LAST_SEEN("lastSeen");

    private final String parameter;

    ClusterSort(String parameter) {
        this.parameter = parameter;
    }

    /** As sent in a request. */
    public String parameter() {
        return parameter;
    }

    /** From a request; anything else is a 400 problem that lists the orders. */
    public static ClusterSort parse(String parameter) {
        return Arrays.stream(values())
                .filter(sort -> sort.parameter.equals(parameter))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest(
                        "unknown-sort",
                        "sort=%s is none of %s",
                        parameter,
                        Arrays.stream(values()).map(ClusterSort::parameter).collect(Collectors.joining(", "))));
    }
}
