package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.faultline.cluster.ClusterId;
import dev.faultline.fleet.Containment;
import dev.faultline.release.GateDecision.Needed;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two releases of one software type, compared. {@code counted} everywhere means crashes capped at one per device, cluster
 * and day, so that a device in a boot loop counts once.
 *
 * @param lineage whether the candidate contains the baseline, and what decided that
 * @param crashRate candidate against baseline over all clusters; absent where one side has no exposure
 * @param crashFreeHours share of device-hours without a crash or unexpected reboot; absent where heartbeats do not say
 * @param affectedDevices share of the devices that ran a release and crashed on it; absent where nobody knows who ran it
 * @param health what else tells a bad release, of both sides
 * @param selfControlled devices that were updated, before and after; absent where none was
 * @param metrics by name; of those that both releases have
 * @param needed what is missing to tell that the rate is not half as much again; absent where it is told, or nobody knows hours
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
        @Nullable CrashRate crashRate,
        @Nullable Difference crashFreeHours,
        @Nullable Difference affectedDevices,
        Health health,
        @Nullable SelfControlled selfControlled,
        List<MetricChange> metrics,
        @Nullable Needed needed,
        Changes clusters,
        List<Stratum> hardware,
        Unsymbolicated unsymbolicated,
        List<String> warnings) {

    public Comparison {
        metrics = List.copyOf(metrics);
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
     * What counts are divided by: device-hours, or, without heartbeats, devices that were seen.
     *
     * @param kind {@code heartbeats} or {@code contacts} with hours, {@code devices-seen} without
     * @param sentence what it can not tell
     */
    public record Exposure(String kind, double baseline, double candidate, String sentence) {}

    /** A value and its 95 % interval. */
    public record Estimate(double value, double low, double high) {}

    /**
     * The crash rates of both.
     *
     * @param unit what a rate is of: {@code 1,000 device-hours} or {@code device}
     * @param ratio within hardware revisions (Mantel-Haenszel) where there are several
     * @param crude of all devices together
     * @param stratifiedBy {@code hardware}; absent where there is one revision only
     * @param overdispersion how many times as much counts by revision and day vary as those of independent crashes; intervals are
     *     wider by its root where it is more than 1.5
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CrashRate(
            String unit,
            Estimate baseline,
            Estimate candidate,
            RateRatio ratio,
            RateRatio crude,
            @Nullable String stratifiedBy,
            double overdispersion) {}

    /** Something of both, and the candidate's less the baseline's. */
    public record Difference(Estimate baseline, Estimate candidate, Estimate difference) {}

    /** A part of some; the share is absent where there are none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Share(long part, long all, @Nullable Estimate share) {
        static Share of(long part, long all) {
            return new Share(part, all, all == 0 ? null : Intervals.share(part, all));
        }
    }

    /** The same share of both. */
    public record Shares(Share baseline, Share candidate) {}

    /**
     * Shares that tell a bad release.
     *
     * @param bootCrashes crashes within a minute of the boot, of those whose time since it is known
     * @param crashLoops devices with three of these or more on one day, of those that ran it
     * @param silent devices that were not heard of for three times their usual pause since they took it
     * @param rolledBack devices that went back within a week to what it contains
     */
    public record Health(Shares bootCrashes, Shares crashLoops, Shares silent, Shares rolledBack) {}

    /**
     * Devices that ran the baseline and then the candidate: days with a crash on each, on the same devices.
     *
     * @param devices looked at; a sample where there are very many
     * @param agrees whether the ratio is within a factor of two of the one of all devices
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SelfControlled(
            long devices,
            double baselineDays,
            long baselineCrashDays,
            double candidateDays,
            long candidateCrashDays,
            @Nullable RateRatio ratio,
            boolean agrees) {}

    /**
     * A metric of heartbeats on both sides, with the candidate's mix of hardware.
     *
     * @param change the candidate's mean less the baseline's, as a part of that; absent where it is 0
     * @param flagged the mean grew by half or more, and surely grew
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetricChange(
            String name,
            Estimate baseline,
            Estimate candidate,
            @Nullable Estimate change,
            boolean flagged) {}

    /**
     * A hardware revision on which a cluster is more frequent than on the others, releases together.
     *
     * @param ratio of its rate to that of the others
     * @param attributable part of the cluster's crashes that would not be there at the rate of the others, 0 to 1
     */
    public record HardwareFinding(
            String hardware, long counted, double share, double exposureShare, RateRatio ratio, double attributable) {}

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
     * Clusters by what happened to them, most counted first; every cluster is in one list at most: those with fewest crashes are left out
     * of long ones. That a cluster is worse or better is a finding among many, of which one in twenty is false at most on the average
     * (Benjamini and Hochberg).
     *
     * @param appeared in the candidate, never in the baseline ({@code new} in JSON)
     * @param fixed in the baseline, not in the candidate
     * @param worse in both, and the whole interval of the ratio is above 1, however it is looked at
     * @param better in both, and the whole interval is below 1, however it is looked at
     * @param unchanged in both, and no difference was shown, which is not the same as none
     * @param regressed ids of those that were resolved and crash in the candidate, which has the fix; they are in the lists too
     * @param all how many there are, with those that were left out
     */
    public record Changes(
            @JsonProperty("new") List<Change> appeared,
            List<Change> fixed,
            List<Change> worse,
            List<Change> better,
            List<Change> unchanged,
            List<ClusterId> regressed,
            long all) {

        public Changes {
            regressed = List.copyOf(regressed);
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
            List<Stratum> hardware,
            List<HardwareFinding> hardwareFindings) {

        public Change {
            hardware = List.copyOf(hardware);
            hardwareFindings = List.copyOf(hardwareFindings);
        }
    }

    /** A cluster in one release: crashes as received, crashes counted, devices affected. */
    public record Occurrence(long crashes, long counted, long devices) {}

    /**
     * One hardware revision on both sides; exposures as in {@link Exposure}.
     *
     * @param hardware empty where unknown
     * @param ratio absent where a side has no exposure, or neither has a crash
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stratum(
            String hardware,
            double baselineExposure,
            long baselineCounted,
            double candidateExposure,
            long candidateCounted,
            @Nullable RateRatio ratio) {}

    /** Crashes counted on each side whose stack says too little: each of them may belong to any cluster. */
    public record Unsymbolicated(long baseline, long candidate) {}
}
