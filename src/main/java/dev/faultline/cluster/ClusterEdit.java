package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a person did with clusters.
 *
 * @param variants how many it moved
 * @param from where they were
 * @param to where they went
 * @param undoes the edit that this one took back
 * @param undoneBy the edit that took this one back; absent while it is in force
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClusterEdit(
        long id,
        Instant at,
        String actor,
        Kind kind,
        long variants,
        List<ClusterId> from,
        List<ClusterId> to,
        @Nullable Long undoes,
        @Nullable Long undoneBy) {

    public ClusterEdit {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** What it was. Un-merge, split, move and apart also say what must not be linked again; undo only puts back. */
    public enum Kind {
        MERGE,
        UNMERGE,
        SPLIT,
        MOVE,
        /** Moves nothing. */
        APART,
        UNDO;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
