package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One cluster in a list. Counts are of the crashes that the list's filters let through; first and last seen are of all.
 *
 * @param title what a person called it
 * @param standing where people are with it; its members are the row's own in JSON
 * @param reason label of the reason family
 * @param software its software type
 * @param place {@code file:line} where its latest crash happened
 * @param devices devices affected
 * @param activeShare devices affected within {@link dev.faultline.fleet.ActiveFleets#ACTIVE_FOR 30 days} as a part of those
 *     that were heard of in that time, 0 to 1; absent where none was
 * @param severity how bad one crash is: 2 where memory or control was lost, 0.5 where the supply failed, else 1; twice
 *     that where half of its crashes come within a minute of the boot
 * @param recency {@code 2^(−days since last seen / 14)}
 * @param impact {@code max(devices, 1) × severity × recency}
 * @param probableFix absent: it is in the newest releases, too little is known, or it is resolved
 * @param hardware hardware revisions, most crashes first
 * @param days crashes per UTC day, oldest first, the last one today; {@value #DAYS} of them
 * @param badges labels of {@link ClusterBadge}
 * @param latestCrash its latest crash
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterRow(
        ClusterId id,
        String signature,
        @Nullable String title,
        @JsonUnwrapped Standing standing,
        String reason,
        @Nullable String software,
        @Nullable String place,
        long devices,
        long crashes,
        @Nullable Double activeShare,
        double severity,
        double recency,
        double impact,
        Seen firstSeen,
        Seen lastSeen,
        @Nullable ProbableFix probableFix,
        List<HardwareShare> hardware,
        List<Integer> days,
        List<String> badges,
        @Nullable UUID latestCrash) {

    /** After this long without a crash a cluster weighs half. */
    public static final Duration HALF_LIFE = Duration.ofDays(14);

    /** Length of {@link #days}. */
    public static final int DAYS = 30;

    public ClusterRow {
        hardware = List.copyOf(hardware);
        days = List.copyOf(days);
        badges = List.copyOf(badges);
    }

    /** When, and in which release; the release is absent where the crash did not say. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Seen(Instant at, @Nullable String release) {}

    /**
     * A hardware revision's part.
     *
     * @param revision empty where unknown
     * @param share of the cluster's crashes, 0 to 1
     * @param fleetShare of the devices that were heard of lately, 0 to 1; absent where none was
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HardwareShare(
            String revision,
            long crashes,
            double share,
            @Nullable Double fleetShare) {}
}
