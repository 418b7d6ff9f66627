package dev.faultline.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.access.Actor;
import dev.faultline.access.Audit;
import dev.faultline.access.Project;
import dev.faultline.access.Texts;
import dev.faultline.cluster.RollUps;
import dev.faultline.exposure.ExposureSource;
import dev.faultline.exposure.ReleaseHours;
import dev.faultline.fleet.Containment;
import dev.faultline.fleet.ReleaseFleets;
import dev.faultline.fleet.Releases;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final int MOST_STANDINGS = 500;
    private static final double MILLIS_AN_HOUR = 3_600_000;
    private static final String PREVIOUS_STABLE = "previous-stable";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private static final String POLICY = "select policy from gate where project_id = ? and name = ?";

    private static final String SAVE = """
            insert into gate (project_id, name, policy, changed_at, changed_by) values (?, ?, ?, ?, ?)
            on conflict (project_id, name) do update set policy = excluded.policy, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by
            """;

    private static final String RAN = """
            select exists (select from release r where r.project_id = ? and r.software = ? and r.version = ?
                and (exists (select from exposure_hour e where e.release_id = r.id)
                    or exists (select from device_history h where h.release_id = r.id)))
            """;

    private static final String NEEDS_SYMBOLS = """
            select count(*) from (select from crash where release_id = ? and state = 'needs-symbols' limit 10000) c
            """;

    private static final String KEEP = """
            insert into gate_run (project_id, gate, software, baseline, candidate, asked_at, asked_by, policy, verdict, decision,
                needs_symbols, exposure_source, containment, judged_from, judged_until, judged_crashes, judged_ms)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?::jsonb, ?::timestamptz, ?, ?, ?)
            returning id
            """;

    private static final String RUNS = """
            select id, gate, software, baseline, candidate, asked_at, asked_by, verdict, decision, needs_symbols, policy,
                overridden_at, overridden_by, overridden_because, exposure_source, containment
            from gate_run
            where project_id = ? and gate = ? and %s order by id desc limit ?
            """;

    private static final String BEFORE = RUNS.formatted("id < ?");
    private static final String ONE = RUNS.formatted("id = ?");
    private static final String OF_CANDIDATE = RUNS.formatted("software = ? and candidate = ?");

    /** What is known in a time: crashes that are counted, of whole days and of the last one, and operation as heartbeats tell it. */
    private static final String TOTALS = """
            select coalesce((select sum(crashes) from release_count
                    where release_id = any(?) and hardware is null and day >= ? and day < ?), 0)
                + (select count(*) from crash where release_id = any(?) and effective_at >= ? and effective_at < ?),
                (select coalesce(sum(operated_ms), 0) from exposure_hour where release_id = any(?) and hour >= ? and hour < ?)
            """;

    private static final String JUDGED = """
            select b.id, c.id, g.judged_from, g.judged_until, g.judged_crashes, g.judged_ms
            from gate_run g
            join release b on b.project_id = g.project_id and b.software = g.software and b.version = g.baseline
            join release c on c.project_id = g.project_id and c.software = g.software and c.version = g.candidate
            where g.id = ? and g.judged_from is not null and g.judged_ms is not null
            """;

    private static final String STANDINGS = """
            select gate, software, candidate, verdict, run_id, asked_at from gate_standing
            where project_id = ? order by asked_at desc, run_id desc limit ?
            """;

    private static final String OVERRIDE = """
            update gate_run set overridden_at = ?, overridden_by = ?, overridden_because = ?
            where project_id = ? and gate = ? and id = ? and overridden_at is null and verdict <> 'GO'
            """;

    private final Transactions transactions;
    private final Releases releases;
    private final RollUps rollUps;
    private final ReleaseHours hours;
    private final ReleaseFleets fleets;
    private final Standing standing;
    private final ObjectMapper json;

    Gates(
            Transactions transactions,
            Releases releases,
            RollUps rollUps,
            ReleaseHours hours,
            ReleaseFleets fleets,
            Standing standing,
            ObjectMapper json) {
        this.transactions = transactions;
        this.releases = releases;
        this.rollUps = rollUps;
        this.hours = hours;
        this.fleets = fleets;
        this.standing = standing;
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
        Judged judged = judge(project, gate, software, candidate, baseline, actor.now());
        long id = transactions.durable(transaction -> keep(transaction, judged, actor));
        return run(project, judged.gate(), id);
    }

    /**
     * Judges a candidate, and keeps what was said only if it is news, or if the last run is a day old.
     *
     * @return whether it was kept
     */
    boolean look(
            Project project, String gate, String software, String candidate, @Nullable String baseline, Actor actor) {
        Judged judged = judge(project, gate, software, candidate, baseline, actor.now());
        Verdict verdict = judged.decision().verdict();
        return transactions.durable(transaction -> {
            if (Standing.isNews(
                    transaction, project.id(), judged.gate(), software, judged.candidate(), verdict, actor.now())) {
                keep(transaction, judged, actor);
                return true;
            }
            return false;
        });
    }

    /** What is kept of a verdict. */
    private record Judged(
            Project project,
            String gate,
            String software,
            Releases.Found before,
            Releases.Found after,
            GatePolicy policy,
            GateDecision decision,
            @Nullable ExposureSource source,
            Containment containment,
            int needsSymbols,
            @Nullable Instant from,
            Instant until,
            Totals totals) {

        String candidate() {
            return after.release().version();
        }
    }

    private Judged judge(
            Project project, String gate, String software, String candidate, @Nullable String baseline, Instant now) {
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
        hours.catchUp(project.id());
        return transactions.snapshot(connection -> {
            var reader = new GateFactsReader(connection, hours, fleets, project.id(), before.id(), after.id(), now);
            var read = reader.read(software, after.release().version(), policy);
            // the hour that runs is not over for anybody
            Instant until = now.truncatedTo(ChronoUnit.HOURS);
            return new Judged(
                    project,
                    name,
                    software,
                    before,
                    after,
                    policy,
                    GateJudge.judge(policy, read.facts()),
                    read.hours(),
                    Containment.of(
                            connection,
                            project.id(),
                            software,
                            after.release().version(),
                            before.release().version()),
                    needsSymbols(connection, after.id()),
                    read.from(),
                    until,
                    totals(
                            connection,
                            List.of(before.id(), after.id()),
                            read.from() == null ? until : read.from(),
                            until));
        });
    }

    /** What is known of both releases in a time. */
    private record Totals(long crashes, long operatedMillis) {}

    private static Totals totals(Connection connection, List<Long> releases, Instant from, Instant until)
            throws SQLException {
        Instant midnight = until.truncatedTo(ChronoUnit.DAYS);
        List<Object> values = List.of(
                releases,
                LocalDate.ofInstant(from, ZoneOffset.UTC),
                LocalDate.ofInstant(midnight, ZoneOffset.UTC),
                releases,
                from.isAfter(midnight) ? from : midnight,
                until,
                releases,
                from,
                until);
        try (var query = Fragment.prepare(connection, TOTALS, values);
                var row = query.executeQuery()) {
            row.next();
            return new Totals(row.getLong(1), row.getLong(2));
        }
    }

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

    boolean ran(Project project, String software, String version) {
        return transactions.read(connection -> {
            try (var query = Fragment.prepare(connection, RAN, List.of(project.id(), software, version));
                    var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    private static int needsSymbols(Connection connection, long release) throws SQLException {
        try (var query = Fragment.prepare(connection, NEEDS_SYMBOLS, List.of(release));
                var row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    /** With the audit's entry, and what the webhooks are told if it is news. */
    private long keep(Connection transaction, Judged judged, Actor actor) throws SQLException {
        Project project = judged.project();
        List<@Nullable Object> values = Arrays.asList(
                project.id(),
                judged.gate(),
                judged.software(),
                judged.before().release().version(),
                judged.candidate(),
                actor.now(),
                actor.name(),
                judged.policy().yamlText(),
                judged.decision().verdict().name(),
                text(judged.decision()),
                judged.needsSymbols(),
                judged.source() == null ? null : judged.source().name(),
                text(judged.containment()),
                judged.from(),
                judged.until(),
                judged.totals().crashes(),
                judged.totals().operatedMillis());
        long id;
        try (var insert = Fragment.prepare(transaction, KEEP, values);
                var row = insert.executeQuery()) {
            row.next();
            id = row.getLong(1);
        }
        Audit.record(
                transaction,
                actor.now(),
                actor.name(),
                "gate-asked",
                "%s: %s of %s %s: %s"
                        .formatted(
                                project.name(),
                                judged.gate(),
                                judged.software(),
                                judged.candidate(),
                                judged.decision().verdict()),
                actor.address());
        standing.said(transaction, project, kept(transaction, project, judged.gate(), id), actor.now());
        return id;
    }

    /** What holds of each release by each gate, those that were asked last first. */
    public List<GateStanding> standings(Project project) {
        return transactions.read(connection -> {
            List<GateStanding> found = new ArrayList<>();
            try (var query = Fragment.prepare(connection, STANDINGS, List.of(project.id(), MOST_STANDINGS));
                    var row = query.executeQuery()) {
                while (row.next()) {
                    Verdict verdict = Verdict.valueOf(row.getString(4));
                    found.add(new GateStanding(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            verdict,
                            verdict.exitCode(),
                            row.getLong(5),
                            instant(row, 6)));
                }
            }
            return List.copyOf(found);
        });
    }

    /** What a gate said, newest first. */
    public Page<GateRun> runs(Project project, String gate, long before, int limit) {
        List<GateRun> found = transactions.read(
                connection -> list(connection, BEFORE, List.of(project.id(), named(gate), before, limit)));
        return new Page<>(
                found,
                found.size() < limit ? null : Long.toString(found.getLast().id()));
    }

    /** What a gate said of one release, newest first. */
    public List<GateRun> runsOf(Project project, String gate, String software, String candidate, int limit) {
        return transactions.read(connection ->
                list(connection, OF_CANDIDATE, List.of(project.id(), named(gate), software, candidate, limit)));
    }

    /** One run with what arrived later; a 404 problem where there is none. */
    public GateRun run(Project project, String gate, long id) {
        rollUps.catchUp(project.id());
        hours.catchUp(project.id());
        return transactions.read(connection -> {
            GateRun run = kept(connection, project, named(gate), id);
            return run.with(later(connection, id));
        });
    }

    private GateRun kept(Connection connection, Project project, String gate, long id) throws SQLException {
        List<GateRun> found = list(connection, ONE, List.of(project.id(), gate, id, 1));
        if (found.isEmpty()) {
            throw Problem.notFound("run-not-found", "Gate %s has no run %d", gate, id);
        }
        return found.getFirst();
    }

    private static GateRun.@Nullable LaterData later(Connection connection, long id) throws SQLException {
        try (var query = Fragment.prepare(connection, JUDGED, List.of(id));
                var row = query.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            var releases = List.of(row.getLong(1), row.getLong(2));
            Instant from = instant(row, 3);
            Instant until = instant(row, 4);
            Totals now = totals(connection, releases, from, until);
            return new GateRun.LaterData(
                    now.crashes() - row.getLong(5), (now.operatedMillis() - row.getLong(6)) / MILLIS_AN_HOUR);
        }
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
            standing.overridden(transaction, project, kept(transaction, project, gate, id), actor.now());
        });
        return run(project, gate, id);
    }

    private List<GateRun> list(Connection connection, String sql, List<Object> values) throws SQLException {
        List<GateRun> runs = new ArrayList<>();
        try (var query = Fragment.prepare(connection, sql, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                runs.add(run(row));
            }
        }
        return runs;
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
                read(row.getString(9), GateDecision.class),
                row.getInt(10),
                row.getString(11),
                row.getString(15) == null ? null : ExposureSource.valueOf(row.getString(15)),
                row.getString(16) == null ? null : read(row.getString(16), Containment.class),
                overridden == null
                        ? null
                        : new GateRun.Overriding(overridden.toInstant(), row.getString(13), row.getString(14)),
                null);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return Objects.requireNonNull(row.getTimestamp(column)).toInstant();
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a run that is none", e);
        }
    }

    private String text(Object part) {
        try {
            return json.writeValueAsString(part);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run has no JSON form", e);
        }
    }

    static String named(String gate) {
        if (!NAME.matcher(gate).matches()) {
            throw Problem.notFound(
                    "gate-not-found",
                    "No gate has the name %s: names are of small letters, digits, dots and dashes",
                    Texts.shown(gate));
        }
        return gate;
    }
}
