package dev.faultline.regroup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.faultline.cluster.GroupingDifference.Example;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A job that groups all crashes of a project again, or tells what that would change.
 *
 * @param rules version of the rules that it groups by, packs and project
 * @param step what it does, in words
 * @param done how much of the step is done, of {@code all}
 * @param result counts of before and after; absent until they are known
 * @param error why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Regroup(
        long id,
        boolean dryRun,
        State state,
        Instant askedAt,
        String askedBy,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String rules,
        @Nullable String step,
        long done,
        long all,
        @Nullable Result result,
        @Nullable String error) {

    /** How far a job is. */
    public enum State {
        QUEUED,
        RUNNING,
        DONE,
        FAILED;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }

        public boolean ended() {
            return this == DONE || this == FAILED;
        }
    }

    /**
     * What it changes, in numbers.
     *
     * @param changed crashes that are in another variant then
     * @param told how many of the splits, joins and new names are in the list
     */
    public record Result(
            long crashes,
            long changed,
            int variantsBefore,
            int variantsAfter,
            int clustersBefore,
            int clustersAfter,
            int splits,
            int joins,
            int renamed,
            int told) {}

    /**
     * One change of the list.
     *
     * @param kind {@code split}, {@code join} or {@code rename}
     */
    public record Change(int place, String kind, Example of) {}
}
