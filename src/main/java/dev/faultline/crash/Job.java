package dev.faultline.crash;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A crash that one worker has on lease.
 *
 * @param lease proves whose job it is: a worker that was too slow finds another lease there
 * @param attempt 1 for the first
 * @param logSha256 of the log that came beside the coredump
 * @param ordinal which of the coredumps in the bytes it is, from 1 on
 */
public record Job(
        UUID crash,
        UUID lease,
        int attempt,
        long projectId,
        String sha256,
        @Nullable String logSha256,
        int ordinal,
        ClaimedIdentity claims,
        Instant effectiveAt) {}
