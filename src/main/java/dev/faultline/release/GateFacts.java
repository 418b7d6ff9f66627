package dev.faultline.release;

import dev.faultline.cluster.ClusterId;
import dev.faultline.sequential.Split;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a candidate and its baseline when a gate is asked.
 *
 * @param stretches crashes and device-hours of both, by hardware revision and day; crashes are capped at one a device, cluster
 *     and day
 * @param revisions devices by hardware revision
 * @param burn of the candidate in the windows of the policy, the shorter first
 * @param usuallyLost part of the baseline's device-hours with a crash or unexpected reboot, since two weeks before the candidate
 * @param loops devices that crash at each start; absent: nothing is known
 * @param silent devices that took a release and were not heard of since for three times their usual pause; absent likewise
 * @param newClusters that the baseline did not have
 * @param regressed clusters that regressed in the candidate
 * @param hoursPerHour device-hours of the candidate in one hour, at present
 */
record GateFacts(
        long candidateDevices,
        double soakHours,
        List<Stretch> stretches,
        List<Revision> revisions,
        List<Burn> burn,
        double usuallyLost,
        @Nullable Split loops,
        @Nullable Split silent,
        List<NewCluster> newClusters,
        List<ClusterId> regressed,
        double hoursPerHour) {

    GateFacts {
        stretches = List.copyOf(stretches);
        revisions = List.copyOf(revisions);
        burn = List.copyOf(burn);
        newClusters = List.copyOf(newClusters);
        regressed = List.copyOf(regressed);
    }

    /** One hardware revision, empty where unknown, on one day. */
    record Stretch(String hardware, Split split) {}

    /**
     * Days on which devices of one hardware revision ran a release, and those of them on which the device crashed: events and
     * exposure of both releases.
     */
    record Revision(String hardware, Split days) {}

    /**
     * Device-hours in the last hours, and those of them in which the device crashed.
     *
     * @param window its length in hours
     */
    record Burn(double window, double deviceHours, double crashedHours) {}

    /** A cluster that the baseline would have shown, and did not, by {@link NewClusters}. */
    record NewCluster(ClusterId id, String signature, String state, long devices, boolean proven) {}

    List<Split> splits() {
        return stretches.stream().map(Stretch::split).toList();
    }
}
