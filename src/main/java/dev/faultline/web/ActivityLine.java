package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterEdit;
import dev.faultline.cluster.ClusterId;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did with a cluster.
 *
 * @param what in words, after the name of who did it
 * @param undone it does not hold any more
 * @param action where a form takes it back, {@code /undo} or {@code /unmerge}; null where nothing is to be taken back
 * @param merge it can be taken apart for good as well
 */
public record ActivityLine(
        String actor,
        String what,
        Moment at,
        boolean undone,
        @Nullable String action,
        boolean merge) {

    static ActivityLine of(Project project, ClusterId on, ClusterEdit edit, Instant now) {
        boolean undone = edit.undoneBy() != null;
        String action = Address.ofProject(project.name(), "clusters", on.toString(), "edits", Long.toString(edit.id()))
                .toString();
        return new ActivityLine(
                edit.actor(),
                words(edit),
                new Moment(edit.at(), now),
                undone,
                undone ? null : action,
                edit.kind() == ClusterEdit.Kind.MERGE);
    }

    private static String words(ClusterEdit edit) {
        String variants = Words.counted(edit.variants(), "variant");
        return switch (edit.kind()) {
            case MERGE -> "merged %s into %s".formatted(names(edit.from()), names(edit.to()));
            case SPLIT -> "split %s off %s, into %s".formatted(variants, names(edit.from()), names(edit.to()));
            case MOVE -> "moved %s from %s to %s".formatted(variants, names(edit.from()), names(edit.to()));
            case APART -> "said that %s are not the same".formatted(names(edit.from()));
            case UNMERGE ->
                "took merge %d apart for good: %s back to %s".formatted(undoes(edit), variants, names(edit.to()));
            case UNDO -> "undid edit %d".formatted(undoes(edit));
        };
    }

    private static long undoes(ClusterEdit edit) {
        return edit.undoes() == null ? edit.id() : edit.undoes();
    }

    private static String names(List<ClusterId> clusters) {
        return clusters.stream().map(ClusterId::toString).collect(Collectors.joining(", "));
    }
}
