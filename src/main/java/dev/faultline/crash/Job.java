package dev.faultline.crash;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import java.time.Instant;
import java.util.UUID;

/**
 * A crash that one worker has on lease.
 *
 * @param lease proves whose job it is: a worker that was too slow finds another lease there
 * @param attempt 1 for the first
 * @param ordinal which of the coredumps in the bytes it is, from 1 on
 */
public record Job(
        UUID crash,
        UUID lease,
        int attempt,
        long projectId,
        String sha256,
        int ordinal,
        ClaimedIdentity claims,
        Instant effectiveAt) {}
