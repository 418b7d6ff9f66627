package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device, by what it said last: in heartbeats, and as far as hardware and times are concerned, in crashes.
 *
 * @param software what its last heartbeat was about; absent: it sent none
 * @param attributes all that the last heartbeat with attributes had
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Device(
        String name,
        @Nullable String hardware,
        @Nullable String software,
        @Nullable String version,
        @Nullable String cohort,
        @Nullable JsonNode attributes,
        Instant firstSeen,
        Instant lastSeen) {}
