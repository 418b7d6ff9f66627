package dev.faultline.release;

import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.fleet.Fleet;
import dev.faultline.fleet.Release;
import dev.faultline.fleet.Releases;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import dev.faultline.ops.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gates that ask themselves, so that a rollout pauses without CI: of each, a run is kept when its verdict changed, or once a day,
 * and the webhooks are told as with any other run.
 */
@ApplicationScoped
public class GateWatches {
    private static final Logger LOG = Logger.getLogger(GateWatches.class);

    /** Most watches of a project. */
    private static final int MOST = 50;

    /** Who asks, in runs and the audit log. */
    private static final String NAME = "watch";

    private static final String NEWEST = "newest";
    private static final int PROBLEM_LENGTH = 500;

    private static final String SELECT = """
            select gate, software, candidate, baseline, set_at, set_by, asked_at, problem from gate_watch where project_id = ?
            """;

    private static final String LIST = SELECT + " order by gate, software";
    private static final String ONE = SELECT + " and gate = ? and software = ?";

    private static final String LOCK = "select id from project where id = ? for update";

    private static final String OTHERS = """
            select count(*) from gate_watch where project_id = ? and (gate, software) <> (?, ?)
            """;

    private static final String SET = """
            insert into gate_watch (project_id, gate, software, candidate, baseline, set_at, set_by) values (?, ?, ?, ?, ?, ?, ?)
            on conflict (project_id, gate, software) do update set candidate = excluded.candidate, baseline = excluded.baseline,
                set_at = excluded.set_at, set_by = excluded.set_by, asked_at = null, problem = null
            """;

    private static final String DELETE = "delete from gate_watch where project_id = ? and gate = ? and software = ?";

    /** Taken before it is asked: two instances do not ask the same at a time, and one that fails is not asked at once again. */
    private static final String TAKE = """
            update gate_watch w set asked_at = ?
            from project p
            where p.id = w.project_id and (w.project_id, w.gate, w.software) in (
                select project_id, gate, software from gate_watch where asked_at is null or asked_at <= ?
                order by asked_at nulls first, project_id, gate, software limit 1 for update skip locked
            )
            returning w.project_id, p.name, w.gate, w.software, w.candidate, w.baseline
            """;

    private static final String ASKED = """
            update gate_watch set problem = ? where project_id = ? and gate = ? and software = ?
            """;

    private final Transactions transactions;
    private final Gates gates;
    private final Releases releases;
    private final Duration interval;

    GateWatches(
            Transactions transactions,
            Gates gates,
            Releases releases,
            @ConfigProperty(name = "faultline.gates.watch-interval") Duration interval) {
        this.transactions = transactions;
        this.gates = gates;
        this.releases = releases;
        this.interval = interval;
    }

    private record Due(
            Project project,
            String gate,
            String software,
            @Nullable String candidate,
            @Nullable String baseline) {}

    @Scheduled(every = "15s", delayed = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void everyFewSeconds() {
        look(Instant.now());
    }

    /** Asks what is due, one after the other. */
    void look(Instant now) {
        for (Optional<Due> due = take(now); due.isPresent(); due = take(now)) {
            ask(due.get(), now);
        }
    }

    private Optional<Due> take(Instant now) {
        return transactions.durable(transaction -> {
            try (var query = Fragment.prepare(transaction, TAKE, List.of(now, now.minus(interval)));
                    var row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Due(
                                new Project(row.getLong(1), row.getString(2)),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6)))
                        : Optional.empty();
            }
        });
    }

    private void ask(Due due, Instant now) {
        String problem = null;
        try {
            String candidate = due.candidate() == null ? newest(due.project(), due.software()) : due.candidate();
            gates.look(
                    due.project(), due.gate(), due.software(), candidate, due.baseline(), new Actor(NAME, null, now));
        } catch (Problem e) {
            problem = e.detail();
        } catch (IllegalStateException e) {
            LOG.errorf(
                    e,
                    "the watch of gate %s in project %s failed",
                    due.gate(),
                    due.project().name());
            problem = "it failed; the service's log has the details";
        }
        List<@Nullable Object> values = Arrays.asList(
                problem == null || problem.length() <= PROBLEM_LENGTH ? problem : problem.substring(0, PROBLEM_LENGTH),
                due.project().id(),
                due.gate(),
                due.software());
        transactions.durably(transaction -> {
            try (var update = Fragment.prepare(transaction, ASKED, values)) {
                update.executeUpdate();
            }
        });
    }

    /** Along the graph: the first registered one that some device ran. */
    private String newest(Project project, String software) {
        for (Release release :
                releases.inOrder(project.id(), software, Page.MOST, null).items()) {
            if (release.registered() && gates.ran(project, software, release.version())) {
                return release.version();
            }
        }
        throw Problem.of(409, "no-candidate", "No registered release of %s runs on a device", Texts.shown(software));
    }

    /** All of the project. */
    public List<GateWatch> list(Project project) {
        return transactions.read(connection -> {
            List<GateWatch> found = new ArrayList<>();
            try (var query = Fragment.prepare(connection, LIST, List.of(project.id()));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(watch(row));
                }
            }
            return List.copyOf(found);
        });
    }

    /**
     * Watches a software type, in place of what the gate watched of it before.
     *
     * @param candidate a version; null or {@code newest}: the newest release that devices run
     */
    GateWatch set(
            Project project,
            String gate,
            @Nullable String software,
            @Nullable String candidate,
            @Nullable String baseline,
            Actor actor) {
        String name = Gates.named(gate);
        String of = Texts.line("software", software, Fleet.NAME_LENGTH);
        List<@Nullable Object> values = Arrays.asList(
                project.id(),
                name,
                of,
                version("candidate", candidate),
                version("baseline", baseline),
                actor.now(),
                actor.name());
        return transactions.durable(transaction -> {
            Rows.ids(transaction, LOCK, List.of(project.id()));
            if (Rows.ids(transaction, OTHERS, List.of(project.id(), name, of)).getFirst() >= MOST) {
                throw Problem.of(409, "too-many-watches", "a project watches at most %d gates", MOST);
            }
            try (var set = Fragment.prepare(transaction, SET, values)) {
                set.executeUpdate();
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "gate-watched",
                    "%s: %s of %s %s".formatted(project.name(), name, of, candidate == null ? NEWEST : candidate),
                    actor.address());
            try (var query = Fragment.prepare(transaction, ONE, List.of(project.id(), name, of));
                    var row = query.executeQuery()) {
                row.next();
                return watch(row);
            }
        });
    }

    private static @Nullable String version(String field, @Nullable String version) {
        return version == null || version.isBlank() || version.equals(NEWEST)
                ? null
                : Texts.line(field, version, Fleet.NAME_LENGTH);
    }

    void end(Project project, String gate, String software, Actor actor) {
        String name = Gates.named(gate);
        transactions.durably(transaction -> {
            if (Fragment.update(transaction, DELETE, project.id(), name, software) == 0) {
                throw Problem.notFound("watch-not-found", "Gate %s does not watch %s", name, Texts.shown(software));
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "gate-unwatched",
                    "%s: %s of %s".formatted(project.name(), name, software),
                    actor.address());
        });
    }

    private static GateWatch watch(ResultSet row) throws SQLException {
        return new GateWatch(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Objects.requireNonNull(Rows.instant(row, 5)),
                row.getString(6),
                Rows.instant(row, 7),
                row.getString(8));
    }
}
