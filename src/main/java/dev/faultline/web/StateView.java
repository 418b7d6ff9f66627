package dev.faultline.web;

import dev.faultline.cluster.ClusterRow;
import dev.faultline.cluster.Standing;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where people are with a cluster, and the forms that change it.
 *
 * @param words the state in a sentence
 * @param open neither resolved nor muted
 * @param releases versions of its software, for whoever says where it is fixed
 */
public record StateView(
        Badge badge,
        String words,
        boolean open,
        @Nullable Moment since,
        @Nullable String title,
        @Nullable String assignee,
        @Nullable String ticket,
        @Nullable String ticketLabel,
        List<String> releases) {
    private static final int LONGEST_LABEL = 40;

    public StateView {
        releases = List.copyOf(releases);
    }

    static StateView of(ClusterRow row, List<String> releases, Instant now) {
        Standing standing = row.standing();
        boolean open = switch (standing.state()) {
            case NEW, ONGOING, REGRESSED -> true;
            case RESOLVED, MUTED -> false;
        };
        return new StateView(
                badge(standing),
                words(standing),
                open,
                standing.stateSince() == null ? null : new Moment(standing.stateSince(), now),
                row.title(),
                standing.assignee(),
                standing.ticket(),
                standing.ticket() == null ? null : label(standing.ticket()),
                releases);
    }

    private static Badge badge(Standing standing) {
        return switch (standing.state()) {
            case ONGOING -> new Badge("ongoing", Tone.PLAIN, "Open, and older than a week");
            case NEW, REGRESSED, RESOLVED, MUTED -> Badge.of(standing.state().label());
        };
    }

    private static String words(Standing standing) {
        return switch (standing.state()) {
            case NEW -> "Nobody resolved or muted it yet.";
            case ONGOING -> "It goes on; nobody resolved or muted it.";
            case REGRESSED ->
                "It was resolved, and crashed in %s, which has the fix.".formatted(standing.regressedIn());
            case RESOLVED -> resolved(standing);
            case MUTED ->
                standing.mutedUntil() == null
                        ? "Muted."
                        : "Muted " + standing.mutedUntil().words() + ".";
        };
    }

    private static String resolved(Standing standing) {
        String resolved = standing.resolvedIn() == null
                ? "Resolved; nobody said in which release, so nothing opens it again by itself."
                : "Resolved in %s. It regresses when a release that contains it crashes."
                        .formatted(standing.resolvedIn());
        if (standing.seenAgainIn() == null) {
            return resolved;
        }
        return resolved
                + (standing.seenAgainIn().isEmpty()
                        ? " A crash that names no release came since."
                        : " Since then it crashed in %s; nobody knows whether that has the fix."
                                .formatted(standing.seenAgainIn()));
    }

    /** The end of a ticket's address is what people call it. */
    static String label(String ticket) {
        String path = ticket.replaceFirst("^[a-zA-Z]+://", "").replaceFirst("/+$", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.length() > LONGEST_LABEL ? last.substring(0, LONGEST_LABEL) + "…" : last;
    }
}
