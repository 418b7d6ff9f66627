package dev.faultline.crash;

import dev.faultline.symbols.analysis.ClaimedIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A coredump whose bytes are durable already.
 *
 * @param sender the device as the upload named it; empty where it did not
 * @param size of the coredump in bytes
 * @param effectiveAt {@code capturedAt} where it is believable, else {@code receivedAt}
 */
public record NewCrash(
        long projectId,
        String sender,
        String sha256,
        long size,
        ClaimedIdentity claims,
        @Nullable String logSha256,
        @Nullable String attachmentSha256,
        @Nullable Instant capturedAt,
        Instant receivedAt,
        Instant effectiveAt) {}
