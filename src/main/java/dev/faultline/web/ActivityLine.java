package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.cluster.ClusterEdit;
import dev.faultline.cluster.ClusterId;
import dev.faultline.triage.ActivityEntry;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a cluster.
 *
 * @param what in words, after the name of who did it
 * @param said a comment's text; null where it is none
 * @param undone it does not hold any more
 * @param action where a form takes it back, {@code /undo} or {@code /unmerge}; null where nothing is to be taken back
 * @param merge it can be taken apart for good as well
 */
public record ActivityLine(
        String actor,
        String what,
        @Nullable String said,
        Moment at,
        boolean undone,
        @Nullable String action,
        boolean merge) {

    static ActivityLine of(Project project, ClusterId on, ActivityEntry entry, Instant now) {
        var at = new Moment(entry.at(), now);
        ClusterEdit edit = entry.edit();
        if (edit == null) {
            String text = entry.text() == null ? "" : entry.text();
            boolean comment = entry.kind().equals("comment");
            return new ActivityLine(
                    entry.actor(), words(entry.kind(), text), comment ? text : null, at, false, null, false);
        }
        boolean undone = edit.undoneBy() != null;
        String action = Address.ofProject(project.name(), "clusters", on.toString(), "edits", Long.toString(edit.id()))
                .toString();
        return new ActivityLine(
                edit.actor(),
                words(edit),
                null,
                at,
                undone,
                undone ? null : action,
                edit.kind() == ClusterEdit.Kind.MERGE);
    }

    private static String words(String kind, String text) {
        return switch (kind) {
            case "comment" -> "said";
            case "title" -> text.isEmpty() ? "took the title away" : "called it “%s”".formatted(text);
            case "assignee" -> text.isEmpty() ? "assigned it to nobody" : "assigned it to " + text;
            case "ticket" -> text.isEmpty() ? "took the ticket away" : "linked " + text;
            case "opened" -> "opened it";
            case "resolved" -> text.isEmpty() ? "resolved it" : "resolved it " + text;
            case "muted" -> "muted it " + text;
            case "unmuted" -> "opened it again: " + text;
            case "regressed" -> "saw it again " + text + ": it regressed";
            case "seen-again" -> "saw it again " + text;
            default -> kind + " " + text;
        };
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
