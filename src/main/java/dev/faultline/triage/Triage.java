package dev.faultline.triage;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.cluster.ClusterId;
import dev.faultline.cluster.Muting;
import dev.faultline.cluster.RollUps;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people say of clusters. */
@ApplicationScoped
public class Triage {
    /** Longest title, in characters. */
    public static final int TITLE_LENGTH = 200;

    /** Longest name of an assignee, in characters. */
    public static final int ASSIGNEE_LENGTH = 100;

    /** Longest address of a ticket, in characters. */
    public static final int TICKET_LENGTH = 1000;

    /** Longest comment, in characters. */
    public static final int COMMENT_LENGTH = 10_000;

    private static final int VERSION_LENGTH = 200;
    private static final Duration LONGEST_MUTING = Duration.ofDays(3652);

    private static final String LOCKED = """
            select coalesce(k.title, ''), coalesce(k.assignee, ''), coalesce(k.ticket, ''), coalesce(t.devices, 0)
            from cluster k left join cluster_total t on t.cluster_id = k.id
            where k.id = ? and k.project_id = ? for no key update of k
            """;

    private static final String STATE = """
            update cluster set state = ?, state_at = ?, resolved_in = ?, regressed_in = null, seen_again_in = null,
                muted_until_release = ?, muted_until_devices = ?, muted_until = ?, muted_until_crashes = ?
            where id = ?
            """;

    /** What came before the state is not news about it. */
    private static final String NOT_SEEN = "delete from cluster_seen where cluster_id = ?";

    private final Transactions transactions;
    private final RollUps rollUps;

    public Triage(Transactions transactions, RollUps rollUps) {
        this.transactions = transactions;
        this.rollUps = rollUps;
    }

    /** Changes what is named; a problem says what can not be. */
    public void change(Project project, ClusterId cluster, TriageChange change, Actor actor) {
        checked(change);
        if (change.state() != null) {
            rollUps.catchUp(project.id());
        }
        transactions.durably(transaction -> {
            Known known = locked(transaction, project, cluster);
            text(transaction, cluster, actor, Note.Kind.TITLE, known.title(), change.title());
            text(transaction, cluster, actor, Note.Kind.ASSIGNEE, known.assignee(), change.assignee());
            text(transaction, cluster, actor, Note.Kind.TICKET, known.ticket(), change.ticket());
            if (change.state() != null) {
                state(transaction, cluster, change, known.devices(), actor);
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "cluster-changed",
                    project.name() + ": " + cluster + words(change),
                    actor.address());
        });
    }

    /** Says something about a cluster. */
    public void comment(Project project, ClusterId cluster, @Nullable String comment, Actor actor) {
        if (comment == null || comment.isBlank()) {
            throw Problem.badRequest("field-missing", "text is missing");
        }
        if (comment.length() > COMMENT_LENGTH) {
            throw Problem.badRequest(
                    "field-too-long", "text has %d characters, at most %d fit", comment.length(), COMMENT_LENGTH);
        }
        String text = comment.strip().replace("\r\n", "\n");
        if (text.chars()
                .anyMatch(character -> Character.isISOControl(character) && character != '\n' && character != '\t')) {
            throw Problem.badRequest("bad-field", "text has a control character");
        }
        transactions.durably(transaction -> {
            locked(transaction, project, cluster);
            Notes.add(transaction, cluster, actor.now(), actor.name(), Note.Kind.COMMENT, text);
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "cluster-commented",
                    project.name() + ": " + cluster,
                    actor.address());
        });
    }

    /** What happened to a cluster and to those merged into it, newest first. */
    public Page<ActivityEntry> activity(Project project, ClusterId cluster, @Nullable String after, int limit) {
        return transactions.snapshot(connection -> ActivityLog.of(connection, project.id(), cluster, after, limit));
    }

    private static void checked(TriageChange change) {
        if (change.state() != null && !Set.of("open", "resolved", "muted").contains(change.state())) {
            throw Problem.badRequest(
                    "unknown-state", "state %s is none of open, resolved, muted", Texts.shown(change.state()));
        }
        if (change.resolvedIn() != null && !"resolved".equals(change.state())) {
            throw Problem.badRequest("bad-resolved-in", "resolvedIn goes with the state resolved only");
        }
        if (change.until() != null && !"muted".equals(change.state())) {
            throw Problem.badRequest("bad-until", "until goes with the state muted only");
        }
    }

    private record Known(String title, String assignee, String ticket, long devices) {}

    private static Known locked(Connection transaction, Project project, ClusterId cluster) throws SQLException {
        try (var query = Fragment.prepare(transaction, LOCKED, List.of(cluster.number(), project.id()));
                var row = query.executeQuery()) {
            if (!row.next()) {
                throw Problem.notFound("cluster-not-found", "No cluster has the id %s", cluster);
            }
            return new Known(row.getString(1), row.getString(2), row.getString(3), row.getLong(4));
        }
    }

    private static void text(
            Connection transaction,
            ClusterId cluster,
            Actor actor,
            Note.Kind kind,
            String known,
            @Nullable String wanted)
            throws SQLException {
        if (wanted == null) {
            return;
        }
        String text = wanted.isBlank() ? "" : checked(kind, wanted);
        if (text.equals(known)) {
            return;
        }
        Fragment.update(
                transaction,
                "update cluster set %s = nullif(?, '') where id = ?".formatted(kind.label()),
                text,
                cluster.number());
        Notes.add(transaction, cluster, actor.now(), actor.name(), kind, text);
    }

    private static String checked(Note.Kind kind, String text) {
        return switch (kind) {
            case TITLE -> Texts.line("title", text, TITLE_LENGTH);
            case ASSIGNEE -> Texts.line("assignee", text, ASSIGNEE_LENGTH);
            case TICKET -> address(Texts.line("ticket", text, TICKET_LENGTH));
            case COMMENT, OPENED, RESOLVED, MUTED, UNMUTED, REGRESSED, SEEN_AGAIN ->
                throw new IllegalArgumentException(kind + " is no text of a cluster");
        };
    }

    /** Pages make a link of it: no other scheme may stand there. */
    private static String address(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            if (scheme != null
                    && uri.getHost() != null
                    && Set.of("http", "https").contains(scheme.toLowerCase(Locale.ROOT))) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw Problem.badRequest("bad-ticket", "ticket %s is no address: %s", Texts.shown(text), e.getReason());
        }
        throw Problem.badRequest(
                "bad-ticket",
                "ticket %s is no address of http or https, such as https://bugs.example.org/17",
                Texts.shown(text));
    }

    private static void state(Connection transaction, ClusterId cluster, TriageChange change, long devices, Actor actor)
            throws SQLException {
        String state = String.valueOf(change.state());
        String resolvedIn = change.resolvedIn() == null || change.resolvedIn().isBlank()
                ? null
                : Texts.line("resolvedIn", change.resolvedIn(), VERSION_LENGTH);
        Muting until = change.until() == null
                ? new Muting(null, null, null, null)
                : reachable(change.until(), devices, actor.now());
        try (var update = Fragment.prepare(transaction, STATE, values(state, resolvedIn, until, cluster, actor))) {
            update.executeUpdate();
        }
        Fragment.update(transaction, NOT_SEEN, cluster.number());
        switch (state) {
            case "resolved" ->
                note(transaction, cluster, actor, Note.Kind.RESOLVED, resolvedIn == null ? "" : "in " + resolvedIn);
            case "muted" -> note(transaction, cluster, actor, Note.Kind.MUTED, until.words());
            default -> note(transaction, cluster, actor, Note.Kind.OPENED, "");
        }
    }

    private static List<@Nullable Object> values(
            String state, @Nullable String resolvedIn, Muting until, ClusterId cluster, Actor actor) {
        return Arrays.asList(
                state,
                actor.now(),
                resolvedIn,
                until.release(),
                until.devices(),
                until.time(),
                until.crashesPerDay(),
                cluster.number());
    }

    /** What is there already would open it at once. */
    private static Muting reachable(Muting until, long devices, Instant now) {
        Integer wanted = until.devices();
        if (wanted != null && wanted <= devices) {
            throw Problem.badRequest(
                    "bad-until", "until.devices: found %d, but %d are affected already", wanted, devices);
        }
        Integer rate = until.crashesPerDay();
        if (rate != null && rate < 1) {
            throw Problem.badRequest("bad-until", "until.crashesPerDay: found %d, wanted 1 or more", rate);
        }
        Instant time = until.time();
        if (time != null && (!time.isAfter(now) || time.isAfter(now.plus(LONGEST_MUTING)))) {
            throw Problem.badRequest("bad-until", "until.time: %s is not within the next ten years", time);
        }
        String release = until.release() == null || until.release().isBlank()
                ? null
                : Texts.line("until.release", until.release(), VERSION_LENGTH);
        return new Muting(release, wanted, time, rate);
    }

    private static void note(Connection transaction, ClusterId cluster, Actor actor, Note.Kind kind, String text)
            throws SQLException {
        Notes.add(transaction, cluster, actor.now(), actor.name(), kind, text);
    }

    private static String words(TriageChange change) {
        var words = new StringBuilder();
        if (change.title() != null) {
            words.append(", title");
        }
        if (change.state() != null) {
            words.append(", ").append(change.state());
        }
        if (change.assignee() != null) {
            words.append(", assignee");
        }
        if (change.ticket() != null) {
            words.append(", ticket");
        }
        return words.toString();
    }
}
