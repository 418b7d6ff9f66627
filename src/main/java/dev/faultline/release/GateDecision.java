package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a gate says, and why.
 *
 * @param reasons each rule of the policy with what it found, those that decide first
 * @param crashRate absent where the two have no exposure in common
 * @param needed what is missing for a verdict; absent where one was given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GateDecision(
        Verdict verdict,
        List<Reason> reasons,
        @Nullable CrashRate crashRate,
        @Nullable Needed needed) {

    public GateDecision {
        reasons = List.copyOf(reasons);
    }

    /** The rules, by the names of the policy. */
    public enum Rule {
        MIN_DEVICES,
        MIN_SOAK_HOURS,
        MIN_EXPECTED_CRASHES,
        CRASH_RATE,
        BURN_RATE,
        AFFECTED_DEVICES,
        NEW_CLUSTERS,
        REGRESSED_CLUSTERS,
        CRASH_LOOPS,
        SILENT_AFTER_UPDATE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What one rule found.
     *
     * @param verdict what it asks for by itself
     * @param text in words, with the numbers
     */
    public record Reason(Rule rule, Verdict verdict, String text) {}

    /**
     * The candidate's crash rate beside the baseline's, within hardware revisions.
     *
     * @param baselinePer1000h crashes in 1,000 device-hours
     * @param ratio Mantel-Haenszel
     * @param ratioCrude of all devices together
     * @param low at 95 %, however often one looks; 0 where nothing is known
     * @param high at 95 %; absent where nothing is known
     * @param eValue evidence that the candidate's rate is more than the baseline's
     * @param baselineHours device-hours on days and hardware that both share
     * @param expected crashes that the candidate would have had at the baseline's rates
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CrashRate(
            double baselinePer1000h,
            double candidatePer1000h,
            double ratio,
            double ratioCrude,
            double low,
            @Nullable Double high,
            double eValue,
            double baselineHours,
            double candidateHours,
            double expected) {}

    /**
     * What would be enough.
     *
     * @param deviceHours more of the candidate
     * @param hours so long at the present fleet; absent where it does not grow
     * @param text in words
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Needed(double deviceHours, @Nullable Double hours, String text) {}
}
