package dev.faultline.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of one software type.
 *
 * @param registered whether CI said what it is; else it has no place among the others
 * @param branch the line it belongs to
 * @param parent version it was made from; of several the first
 * @param parents versions it was made from
 * @param commit what it was built of
 * @param firstSeen its first crash; absent: none so far
 * @param deletedAt hidden from lists since then; its place stays
 * @param crashes all its crashes that are counted in clusters, within a second
 * @param devices devices that crashed on it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Release(
        String software,
        String version,
        boolean registered,
        @Nullable String branch,
        @Nullable String parent,
        List<String> parents,
        @Nullable String commit,
        @Nullable Instant registeredAt,
        @Nullable Instant firstSeen,
        @Nullable Instant deletedAt,
        long crashes,
        long devices) {

    public Release {
        parents = List.copyOf(parents);
    }
}
