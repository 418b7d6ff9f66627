package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gate that asks itself every few minutes.
 *
 * @param candidate absent: the newest release that devices run
 * @param baseline absent: the policy's
 * @param askedAt absent: not yet
 * @param problem why the last question had no answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GateWatch(
        String gate,
        String software,
        @Nullable String candidate,
        @Nullable String baseline,
        Instant setAt,
        String setBy,
        @Nullable Instant askedAt,
        @Nullable String problem) {}
