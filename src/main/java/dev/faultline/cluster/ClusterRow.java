package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One cluster in a list. Counts are of the crashes that the list's filters let through; first and last seen are of all.
 *
 * @param title what a person called it
 * @param state {@code open} or {@code resolved}
 * @param reason label of the reason family
 * @param software its software type
 * @param place {@code file:line} where its latest crash happened
 * @param devices devices affected
 * @param impact {@code max(devices, 1) × 2^(−days since last seen / 14)}
 * @param hardware hardware revisions, most crashes first
 * @param days crashes per UTC day, oldest first, the last one today; {@value #DAYS} of them
 * @param badges of {@code new} (first crash within 7 days), {@code needs-symbols}, {@code provisional}
 * @param latestCrash its latest crash
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterRow(
        ClusterId id,
        String signature,
        @Nullable String title,
        String state,
        String reason,
        @Nullable String software,
        @Nullable String place,
        long devices,
        long crashes,
        double impact,
        Seen firstSeen,
        Seen lastSeen,
        List<HardwareShare> hardware,
        List<Integer> days,
        List<String> badges,
        @Nullable UUID latestCrash) {

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
     */
    public record HardwareShare(String revision, long crashes, double share) {}
}
