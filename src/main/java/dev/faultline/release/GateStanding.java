package dev.faultline.release;

import java.time.Instant;

/**
 * What holds of a release by a gate.
 *
 * @param verdict that of the last run, or GO where a person overrode it and the gate said nothing else since
 * @param run the last one that was kept
 * @param askedAt when that was asked
 */
public record GateStanding(
        String gate, String software, String candidate, Verdict verdict, int exitCode, long run, Instant askedAt) {}
