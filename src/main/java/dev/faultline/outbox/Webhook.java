package dev.faultline.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An address that is told of verdicts.
 *
 * @param gate the only one that it is told of; absent: all of the project
 * @param secret what posts are signed with; only in the answer to the request that set it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Webhook(
        String name,
        @Nullable String gate,
        String url,
        Instant changedAt,
        String changedBy,
        @Nullable String secret) {

    @Override
    public String toString() {
        return "webhook " + name;
    }
}
