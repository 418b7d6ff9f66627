package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.faultline.cluster.ClusterId;
import dev.faultline.fleet.Containment;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two releases of one software type, compared. {@code counted} everywhere means crashes capped at one per device, cluster
 * and day, so that a device in a boot loop counts once.
 *
 * @param lineage whether the candidate contains the baseline, and what decided that
 * @param crashRate candidate against baseline over all clusters; absent where one side has no exposure
 * @param hardware the same by hardware revision
 * @param unsymbolicated what is in no list because symbols are missing or the stack says too little
 * @param warnings what stands against trusting the comparison, in sentences
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Comparison(
        String software,
        Side baseline,
        Side candidate,
        Containment lineage,
        Exposure exposure,
        @Nullable RateRatio crashRate,
        Changes clusters,
        List<Stratum> hardware,
        Unsymbolicated unsymbolicated,
        List<String> warnings) {

    public Comparison {
        hardware = List.copyOf(hardware);
        warnings = List.copyOf(warnings);
    }

    /**
     * One of the two releases.
     *
     * @param devices devices seen on it
     * @param crashes as received
     * @param firstDay UTC day of its first crash; absent: it has none
     * @param lastDay UTC day of its last crash
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Side(
            String version,
            long devices,
            long crashes,
            long counted,
            @Nullable LocalDate firstDay,
            @Nullable LocalDate lastDay) {}

    /**
     * What counts are divided by.
     *
     * @param kind {@code devices-seen}: without heartbeats only devices that sent something are known
     * @param sentence what it can not tell
     */
    public record Exposure(String kind, long baseline, long candidate, String sentence) {}

    /**
     * Candidate's rate over baseline's.
     *
     * @param ratio the point estimate; with half a crash added on both sides where one of them has none
     * @param low lower end of the 95 % interval
     * @param high upper end of it
     * @param probabilityHigher that the candidate's rate is the higher one, 0 to 1
     */
    public record RateRatio(double ratio, double low, double high, double probabilityHigher) {}

    /**
     * Clusters by what happened to them, most counted first; every cluster is in exactly one list.
     *
     * @param appeared in the candidate, never in the baseline ({@code new} in JSON)
     * @param fixed in the baseline, not in the candidate
     * @param worse in both, and the whole interval of the ratio is above 1, however it is looked at
     * @param better in both, and the whole interval is below 1, however it is looked at
     * @param unchanged in both, and no difference was shown, which is not the same as none
     */
    public record Changes(
            @JsonProperty("new") List<Change> appeared,
            List<Change> fixed,
            List<Change> worse,
            List<Change> better,
            List<Change> unchanged) {

        public Changes {
            appeared = List.copyOf(appeared);
            fixed = List.copyOf(fixed);
            worse = List.copyOf(worse);
            better = List.copyOf(better);
            unchanged = List.copyOf(unchanged);
        }
    }

    /**
     * One cluster in both releases.
     *
     * @param ratio absent where the cluster is in one of them only, or a side has no exposure
     * @param proven for new: at its present rate the baseline would have shown it at least three times; for fixed: the
     *     confidence is 95 % or more; absent for the others
     * @param confidence for fixed: how sure it is gone, 0 to 1; absent for the others
     * @param sentence what was found, in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            ClusterId id,
            String signature,
            String reason,
            Occurrence baseline,
            Occurrence candidate,
            @Nullable RateRatio ratio,
            @Nullable RateRatio byHardware,
            @Nullable Boolean proven,
            @Nullable Double confidence,
            String sentence,
            List<Stratum> hardware) {

        public Change {
            hardware = List.copyOf(hardware);
        }
    }

    /** A cluster in one release: crashes as received, crashes counted, devices affected. */
    public record Occurrence(long crashes, long counted, long devices) {}

    /**
     * One hardware revision on both sides.
     *
     * @param hardware empty where unknown
     * @param ratio absent where a side has no exposure
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stratum(
            String hardware,
            long baselineDevices,
            long baselineCounted,
            long candidateDevices,
            long candidateCounted,
            @Nullable RateRatio ratio) {}

    /** Crashes counted on each side whose stack says too little: each of them may belong to any cluster. */
    public record Unsymbolicated(long baseline, long candidate) {}
}
