package dev.faultline.cluster;

import dev.faultline.crash.Stacks;
import dev.faultline.fingerprint.Fingerprinter;
import dev.faultline.fingerprint.ProjectRules;
import dev.faultline.fingerprint.Reports;
import dev.faultline.fleet.Fleet;
import dev.faultline.ops.Fragment;
import dev.faultline.symbols.report.CrashReport;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/** Crashes in the database as ingest leaves them, and the pipeline's last steps on them; each test has its own project. */
@Singleton
public class Crashes {
    private static final AtomicLong NUMBER = new AtomicLong();

    private final DataSource database;
    private final Fleet fleet;
    private final Clusters clusters;
    private final Stacks stacks;
    private final RollUps rollUps;
    private final Fingerprinter fingerprinter = new Fingerprinter();

    Crashes(DataSource database, Fleet fleet, Clusters clusters, Stacks stacks, RollUps rollUps) {
        this.database = database;
        this.fleet = fleet;
        this.clusters = clusters;
        this.stacks = stacks;
        this.rollUps = rollUps;
    }

    /** A project's id and name. */
    public record TestProject(long id, String name) {}

    public TestProject project() throws SQLException {
        String name = "clusters-" + NUMBER.incrementAndGet();
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement("insert into project (name) values (?) returning id")) {
            insert.setString(1, name);
            try (var row = insert.executeQuery()) {
                row.next();
                return new TestProject(row.getLong(1), name);
            }
        }
    }

    /** A crash that is about to be processed; no state that waits, or the verifier would give it a job some minute. */
    public UUID received(long project, Instant at) throws SQLException {
        UUID id = new UUID(0x0190_0000_0000_7000L, NUMBER.incrementAndGet());
        String insert = """
                insert into crash (id, project_id, sender, sha256, size, claims, received_at, effective_at, state)
                values (?, ?, '', ?, 1, '{}', ?, ?, 'processed')
                """;
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(insert)) {
            statement.setObject(1, id);
            statement.setLong(2, project);
            statement.setString(3, id.toString());
            statement.setTimestamp(4, Timestamp.from(at));
            statement.setTimestamp(5, Timestamp.from(at));
            statement.executeUpdate();
        }
        return id;
    }

    /** Fingerprint, sighting and assignment in one transaction. */
    public Assignment processed(long project, UUID crash, CrashReport report, Instant at) throws SQLException {
        return processed(project, crash, report, ProjectRules.NONE, at);
    }

    public Assignment processed(long project, UUID crash, CrashReport report, ProjectRules rules, Instant at)
            throws SQLException {
        var fingerprint = fingerprinter.of(report, rules);
        long stack = stacks.id(project, report);
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var sighting = fleet.seen(connection, project, report.identity(), at);
                // not queued any more, or it is for the workers after a while
                var more = new Fragment(", state = 'processed', stack_id = ?", stack);
                var facts = new CrashFacts(crash, sighting, more);
                var assignment = clusters.assign(connection, project, fingerprint, facts, at);
                connection.commit();
                return assignment;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    public Assignment crash(long project, Reports report, Instant at) throws SQLException {
        return processed(project, received(project, at), report.report(), at);
    }

    /** Adds all to the roll-ups that was counted so far. */
    void rolledUp(long project) throws SQLException {
        while (waiting(project)) {
            rollUps.catchUp(project);
        }
        rollUps.follow();
    }

    private boolean waiting(long project) throws SQLException {
        try (var connection = database.getConnection();
                var query = Fragment.prepare(
                        connection,
                        "select exists (select from crash_counted where project_id = ?)",
                        List.of(project));
                var row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Whether the counters say what a recount of the crashes says; the difference in rows. */
    @SuppressWarnings("InlineFormatString") // four queries side by side are easier to compare
    public long differencesToARecount(long project) throws SQLException {
        String days = """
                select variant_id, release_id, coalesce(hardware, ''), (effective_at at time zone 'UTC')::date, count(*)::int
                from crash where project_id = %1$d and variant_id is not null group by 1, 2, 3, 4
                """;
        String keptDays = """
                select d.variant_id, d.release_id, d.hardware, d.day, d.crashes
                from variant_day d join variant v on v.id = d.variant_id where v.project_id = %1$d
                """;
        String devices = """
                select variant_id, release_id, device_id, coalesce(hardware, ''),
                    (effective_at at time zone 'UTC')::date, count(*)::int
                from crash where project_id = %1$d and variant_id is not null and device_id is not null
                group by 1, 2, 3, 4, 5
                """;
        String keptDevices = """
                select d.variant_id, d.release_id, d.device_id, d.hardware, d.day, d.crashes
                from variant_device d join variant v on v.id = d.variant_id where v.project_id = %1$d
                """;
        rolledUp(project);
        try (var connection = database.getConnection()) {
            long differences = differences(connection, days.formatted(project), keptDays.formatted(project))
                    + differences(connection, devices.formatted(project), keptDevices.formatted(project));
            for (Recount recount : Recount.ALL) {
                differences += differences(
                        connection,
                        recount.recounted().formatted(project),
                        recount.kept().formatted(project));
            }
            return differences;
        }
    }

    private static long differences(Connection connection, String one, String other) throws SQLException {
        String sql = "select count(*) from ((%1$s except %2$s) union all (%2$s except %1$s)) x"
                .formatted("(" + one + ")", "(" + other + ")");
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
