package dev.faultline.crash;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One crash in a list. Who crashed comes from the dump once it was read, from the upload before.
 *
 * @param stateReason why it is quarantined
 * @param reason label of the reason family
 * @param fault the fault's sentence
 * @param capturedAt what the device's clock said
 * @param effectiveAt {@code capturedAt} where it is believable, else {@code receivedAt}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CrashRow(
        UUID id,
        CrashState state,
        @Nullable String stateReason,
        @Nullable String device,
        @Nullable String hardware,
        @Nullable String software,
        @Nullable String version,
        @Nullable String buildId,
        @Nullable String reason,
        @Nullable String fault,
        @Nullable CrashCluster cluster,
        @Nullable Instant capturedAt,
        Instant receivedAt,
        Instant effectiveAt) {}
