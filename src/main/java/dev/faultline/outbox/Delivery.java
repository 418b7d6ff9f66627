package dev.faultline.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook.
 *
 * @param event the same in all posts of it
 * @param nextAt when it is tried next
 * @param status HTTP status of the last answer; absent: there was none
 * @param error why the last post failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delivery(
        long id,
        String webhook,
        UUID event,
        Instant createdAt,
        State state,
        int attempts,
        @Nullable Instant nextAt,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Instant endedAt) {

    /** What became of it. */
    public enum State {
        WAITING,
        DELIVERED,
        /** Tried for a day; a replay tries it again. */
        DEAD;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
