package dev.faultline.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.faultline.access.Project;
import dev.faultline.ops.Fragment;
import dev.faultline.outbox.Event;
import dev.faultline.outbox.Outbox;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds of a release by a gate, and who is told when that changes. A person's word holds until the gate says something else
 * than what it was spoken against.
 */
@Singleton
class Standing {
    /** A gate that says the same all the time keeps a run so often. */
    private static final Duration KEPT_EVERY = Duration.ofDays(1);

    private static final String TYPE = "dev.faultline.gate.verdict";

    private static final String FIRST = """
            insert into gate_standing (project_id, gate, software, candidate, said, verdict, run_id, asked_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing
            """;

    private static final String HELD = """
            select said, verdict, run_id, asked_at from gate_standing
            where project_id = ? and gate = ? and software = ? and candidate = ? for update
            """;

    private static final String SAID = """
            update gate_standing set said = ?, verdict = ?, run_id = ?, asked_at = ?
            where project_id = ? and gate = ? and software = ? and candidate = ?
            """;

    private final Outbox outbox;

    Standing(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * What receivers are told.
     *
     * @param previous absent: nothing was said of this release before
     * @param verdict what holds now
     * @param page where people read it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Change(@Nullable Verdict previous, Verdict verdict, String page, GateRun run) {}

    private record Held(Verdict said, Verdict verdict, long run, Instant askedAt) {}

    /** Whether a verdict is another than the last one, or that one is so old that it is kept once more. */
    static boolean isNews(
            Connection transaction,
            long projectId,
            String gate,
            String software,
            String candidate,
            Verdict verdict,
            Instant now)
            throws SQLException {
        Held held = held(transaction, projectId, gate, software, candidate);
        return held == null
                || held.said() != verdict
                || !held.askedAt().plus(KEPT_EVERY).isAfter(now);
    }

    /** Takes note of a run that was kept. */
    void said(Connection transaction, Project project, GateRun run, Instant now) throws SQLException {
        Verdict said = run.verdict();
        int first = Fragment.update(
                transaction,
                FIRST,
                project.id(),
                run.gate(),
                run.software(),
                run.candidate(),
                said.name(),
                said.name(),
                run.id(),
                now);
        if (first == 1) {
            tell(transaction, project, null, said, run, now);
            return;
        }
        Held held = held(transaction, project.id(), run.gate(), run.software(), run.candidate());
        if (held == null) {
            throw new IllegalStateException("what holds of run " + run.id() + " is neither new nor known");
        }
        Verdict holds = held.said() == said ? held.verdict() : said;
        hold(transaction, project, run, said, holds, now);
        if (holds != held.verdict()) {
            tell(transaction, project, held.verdict(), holds, run, now);
        }
    }

    /** Takes note of a person's word against a run, if that is the last one. */
    void overridden(Connection transaction, Project project, GateRun run, Instant now) throws SQLException {
        Held held = held(transaction, project.id(), run.gate(), run.software(), run.candidate());
        if (held != null && held.run() == run.id() && held.verdict() != Verdict.GO) {
            hold(transaction, project, run, held.said(), Verdict.GO, held.askedAt());
            tell(transaction, project, held.verdict(), Verdict.GO, run, now);
        }
    }

    private static void hold(
            Connection transaction, Project project, GateRun run, Verdict said, Verdict holds, Instant askedAt)
            throws SQLException {
        Fragment.update(
                transaction,
                SAID,
                said.name(),
                holds.name(),
                run.id(),
                askedAt,
                project.id(),
                run.gate(),
                run.software(),
                run.candidate());
    }

    private static @Nullable Held held(
            Connection transaction, long projectId, String gate, String software, String candidate)
            throws SQLException {
        try (var query = Fragment.prepare(transaction, HELD, List.of(projectId, gate, software, candidate));
                var row = query.executeQuery()) {
            return row.next()
                    ? new Held(
                            Verdict.valueOf(row.getString(1)),
                            Verdict.valueOf(row.getString(2)),
                            row.getLong(3),
                            row.getTimestamp(4).toInstant())
                    : null;
        }
    }

    private void tell(
            Connection transaction,
            Project project,
            @Nullable Verdict previous,
            Verdict verdict,
            GateRun run,
            Instant now)
            throws SQLException {
        String path = "/projects/%s/gates/%s".formatted(project.name(), run.gate());
        var change = new Change(previous, verdict, "%s/runs/%d".formatted(path, run.id()), run);
        var event = new Event(path, TYPE, "%s %s".formatted(run.software(), run.candidate()), change);
        outbox.add(transaction, project.id(), run.gate(), event, now);
    }
}
