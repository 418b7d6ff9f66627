package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of one software type.
 *
 * @param registered whether CI said what it is; else its place among the others is unknown
 * @param branch the line it belongs to
 * @param parent version it was made from
 * @param commit what it was built of
 * @param firstSeen its first crash; absent: none so far
 * @param crashes all its crashes that are counted in clusters
 * @param devices devices that crashed on it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Release(
        String software,
        String version,
        boolean registered,
        @Nullable String branch,
        @Nullable String parent,
        @Nullable String commit,
        @Nullable Instant registeredAt,
        @Nullable Instant firstSeen,
        long crashes,
        long devices) {}
