package dev.faultline.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.cluster.RollUps;
import dev.faultline.fleet.Releases;
import dev.faultline.fleet.SilentDevices;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The gates of a project: policies, and what was said by them. */
@Singleton
public class Gates {
    /** Longest reason of an override, in characters. */
    public static final int REASON_LENGTH = 2000;

    private static final String PREVIOUS_STABLE = "previous-stable";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final String POLICY = "select policy from gate where project_id = ? and name = ?";

    private static final String SAVE = """
            insert into gate (project_id, name, policy, changed_at, changed_by) values (?, ?, ?, ?, ?)
            on conflict (project_id, name) do update set policy = excluded.policy, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            """;

    private static final String RAN = """
            select exists (select from exposure_hour e join release r on r.id = e.release_id
                where r.project_id = ? and r.software = ? and r.version = ?)
            """;

    private static final String NEEDS_SYMBOLS = """
            select count(*) from (select from crash where project_id = ? and state = 'needs-symbols' and release_id = ? limit 10000) c
            """;

    private static final String KEEP = """
            insert into gate_run (project_id, gate, software, baseline, candidate, asked_at, asked_by, policy, verdict, decision,
                needs_symbols)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
            returning id
            """;

    private static final String RUNS = """
            select id, gate, software, baseline, candidate, asked_at, asked_by, verdict, decision, needs_symbols, policy,
                overridden_at, overridden_by, overridden_because
            from gate_run
            where project_id = ? and gate = ? and id %s ? order by id desc limit ?
            """;

    private static final String BEFORE = RUNS.formatted("<");
    private static final String ONE = RUNS.formatted("=");

    private static final String OVERRIDE = """
            update gate_run set overridden_at = ?, overridden_by = ?, overridden_because = ?
            where project_id = ? and gate = ? and id = ? and overridden_at is null and verdict <> 'GO'
            """;

    private final Transactions transactions;
    private final Releases releases;
    private final RollUps rollUps;
    private final SilentDevices silentDevices;
    private final ObjectMapper json;

    Gates(
            Transactions transactions,
            Releases releases,
            RollUps rollUps,
            SilentDevices silentDevices,
            ObjectMapper json) {
        this.transactions = transactions;
        this.releases = releases;
        this.rollUps = rollUps;
        this.silentDevices = silentDevices;
        this.json = json;
    }

    /** A gate's policy in full, as YAML; the default one where the project has none of that name. */
    public String policy(Project project, String gate) {
        return policyOf(project, gate).yamlText();
    }

    private GatePolicy policyOf(Project project, String gate) {
        return GatePolicy.parse(transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, POLICY, List.of(project.id(), named(gate)));
                    var row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }));
    }

    /** Replaces a gate's policy. */
    public String save(Project project, String gate, @Nullable String policy, Actor actor) {
        String name = named(gate);
        GatePolicy parsed = GatePolicy.parse(policy);
        transactions.durably(transaction -> {
            Fragment.update(
                    transaction, SAVE, project.id(), name, policy == null ? "" : policy, actor.now(), actor.name());
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "gate-changed",
                    project.name() + ": " + name,
                    actor.address());
        });
        return parsed.yamlText();
    }

    /**
     * Judges a candidate, and keeps what was said.
     *
     * @param baseline a version; null: the policy's
     */
    public GateRun evaluate(
            Project project, String gate, String software, String candidate, @Nullable String baseline, Actor actor) {
        String name = named(gate);
        GatePolicy policy = policyOf(project, name);
        String wanted = baseline == null || baseline.isBlank() ? policy.baseline() : baseline;
        Releases.Found after = release(project, software, candidate);
        Releases.Found before = wanted.equals(PREVIOUS_STABLE)
                ? release(project, software, previous(project, software, candidate))
                : release(project, software, wanted);
        if (before.id() == after.id()) {
            throw Problem.badRequest("same-release", "baseline and candidate are both %s", candidate);
        }
        rollUps.catchUp(project.id());
        Judged judged = transactions.snapshot(connection -> {
            var reader =
                    new GateFactsReader(connection, silentDevices, project.id(), before.id(), after.id(), actor.now());
            GateFacts facts = reader.read(software, after.release().version(), policy);
            return new Judged(GateJudge.judge(policy, facts), needsSymbols(connection, project, after.id()));
        });
        long id = transactions.durable(transaction -> {
            long run = keep(transaction, project, name, software, before, after, policy, judged, actor);
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "gate-asked",
                    "%s: %s of %s %s: %s"
                            .formatted(
                                    project.name(),
                                    name,
                                    software,
                                    candidate,
                                    judged.decision().verdict()),
                    actor.address());
            return run;
        });
        return run(project, name, id);
    }

    private record Judged(GateDecision decision, int needsSymbols) {}

    private Releases.Found release(Project project, String software, String version) {
        return releases.find(project.id(), software, version)
                .orElseThrow(() -> Problem.notFound(
                        "release-not-found",
                        "No release %s of %s was registered or seen",
                        Texts.shown(version),
                        Texts.shown(software)));
    }

    /** The nearest ancestor that some device ran; else the nearest one. */
    private String previous(Project project, String software, String candidate) {
        String nearest = releases.previous(project.id(), software, candidate)
                .orElseThrow(() -> Problem.of(
                        409,
                        "no-baseline",
                        "No ancestor of %s was registered; register its parent, or name a baseline",
                        Texts.shown(candidate)));
        Set<String> passed = new HashSet<>();
        Optional<String> at = Optional.of(nearest);
        while (at.isPresent() && passed.add(at.get())) {
            if (ran(project, software, at.get())) {
                return at.get();
            }
            at = releases.previous(project.id(), software, at.get());
        }
        return nearest;
    }

    private boolean ran(Project project, String software, String version) {
        return transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, RAN, List.of(project.id(), software, version));
                    var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    private static int needsSymbols(Connection connection, Project project, long release) throws SQLException {
        try (var query = Fragment.prepare(connection, NEEDS_SYMBOLS, List.of(project.id(), release));
                var row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private long keep(
            Connection transaction,
            Project project,
            String gate,
            String software,
            Releases.Found before,
            Releases.Found after,
            GatePolicy policy,
            Judged judged,
            Actor actor)
            throws SQLException {
        List<Object> values = List.of(
                project.id(),
                gate,
                software,
                before.release().version(),
                after.release().version(),
                actor.now(),
                actor.name(),
                policy.yamlText(),
                judged.decision().verdict().name(),
                text(judged.decision()),
                judged.needsSymbols());
        try (var insert = Fragment.prepare(transaction, KEEP, values);
                var row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What a gate said, newest first. */
    public Page<GateRun> runs(Project project, String gate, long before, int limit) {
        List<GateRun> found = list(BEFORE, project, named(gate), before, limit);
        return new Page<>(
                found,
                found.size() < limit ? null : Long.toString(found.getLast().id()));
    }

    /** One run; a 404 problem where there is none. */
    public GateRun run(Project project, String gate, long id) {
        List<GateRun> found = list(ONE, project, named(gate), id, 1);
        if (found.isEmpty()) {
            throw Problem.notFound("run-not-found", "Gate %s has no run %d", gate, id);
        }
        return found.getFirst();
    }

    /** Lets a release pass against a verdict, which stays beside it. */
    public GateRun override(Project project, String gate, long id, @Nullable String because, Actor actor) {
        String reason = Texts.line("because", because, REASON_LENGTH);
        GateRun run = run(project, gate, id);
        transactions.durably(transaction -> {
            int changed =
                    Fragment.update(transaction, OVERRIDE, actor.now(), actor.name(), reason, project.id(), gate, id);
            if (changed == 0) {
                throw Problem.of(
                        409, "nothing-to-override", "Run %d says %s, or was overridden already", id, run.verdict());
            }
            Audit.record(
                    transaction,
                    actor.now(),
                    actor.name(),
                    "gate-overridden",
                    "%s: run %d of %s, %s %s: %s"
                            .formatted(project.name(), id, gate, run.software(), run.candidate(), reason),
                    actor.address());
        });
        return run(project, gate, id);
    }

    private List<GateRun> list(String sql, Project project, String gate, long id, int limit) {
        return transactions.read(connection -> {
            List<GateRun> runs = new ArrayList<>();
            try (var query = Fragment.prepare(connection, sql, List.of(project.id(), gate, id, limit));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    runs.add(run(row));
                }
            }
            return runs;
        });
    }

    private GateRun run(ResultSet row) throws SQLException {
        var overridden = row.getTimestamp(12);
        Verdict said = Verdict.valueOf(row.getString(8));
        Verdict holds = overridden == null ? said : Verdict.GO;
        return new GateRun(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                instant(row, 6),
                row.getString(7),
                holds,
                holds.exitCode(),
                decision(row.getString(9)),
                row.getInt(10),
                row.getString(11),
                overridden == null
                        ? null
                        : new GateRun.Overriding(overridden.toInstant(), row.getString(13), row.getString(14)));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(row.getTimestamp(column)).toInstant();
    }

    private GateDecision decision(String text) {
        try {
            return json.readValue(text, GateDecision.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a decision that is none", e);
        }
    }

    private String text(GateDecision decision) {
        try {
            return json.writeValueAsString(decision);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a decision has no JSON form", e);
        }
    }

    private static String named(String gate) {
        if (!NAME.matcher(gate).matches()) {
            throw Problem.notFound(
                    "gate-not-found",
                    "No gate has the name %s: names are of small letters, digits, dots and dashes",
                    Texts.shown(gate));
        }
        return gate;
    }
}
