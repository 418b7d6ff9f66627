package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.exposure.ExposureSource;
import dev.faultline.fleet.Containment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gate said, once; it never changes, but for the override.
 *
 * @param verdict what holds: GO where a person overrode it
 * @param exitCode of the command line
 * @param policy in YAML, as it held then
 * @param exposureSource where device-hours were taken from; absent: nothing knew any of the candidate
 * @param containment whether the candidate contains the baseline, and what decided that, as it was then; a candidate that does not
 *     contain it is another line, and may lack what the baseline has fixed
 * @param later in the answer for one run; absent: of before this was kept
 * @param needsSymbols crashes of the candidate that wait for symbols: a cluster that looks absent may be among them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GateRun(
        long id,
        String gate,
        String software,
        String baseline,
        String candidate,
        Instant askedAt,
        String askedBy,
        Verdict verdict,
        int exitCode,
        GateDecision decision,
        int needsSymbols,
        String policy,
        @Nullable ExposureSource exposureSource,
        @Nullable Containment containment,
        @Nullable Overriding override,
        @Nullable LaterData later) {

    /** A person's word against the verdict. */
    public record Overriding(Instant at, String by, String because) {}

    /**
     * What arrived after the verdict although it is of the time that was judged, of both releases together: with more of it,
     * the same question may have another answer.
     *
     * @param crashes negative where some were deleted
     * @param deviceHours of heartbeats
     */
    public record LaterData(long crashes, double deviceHours) {}

    GateRun with(@Nullable LaterData data) {
        return new GateRun(
                id,
                gate,
                software,
                baseline,
                candidate,
                askedAt,
                askedBy,
                verdict,
                exitCode,
                decision,
                needsSymbols,
                policy,
                exposureSource,
                containment,
                override,
                data);
    }
}
