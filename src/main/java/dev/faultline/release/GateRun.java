package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gate said, once; it never changes, but for the override.
 *
 * @param verdict what holds: GO where a person overrode it
 * @param exitCode of the command line
 * @param policy in YAML, as it held then
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
        @Nullable Overriding override) {

    /** A person's word against the verdict. */
    public record Overriding(Instant at, String by, String because) {}
}
