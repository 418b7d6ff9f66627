package dev.faultline.adoption;

import dev.faultline.access.Project;
import dev.faultline.fleet.Releases;
import dev.faultline.fleet.Rollbacks;
import dev.faultline.fleet.Rollbacks.RolledBack;
import dev.faultline.fleet.SilentDevices;
import dev.faultline.fleet.SilentDevices.Silent;
import dev.faultline.http.Page;
import dev.faultline.http.Problem;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The devices behind a finding, by name. */
@Singleton
public class FindingDevices {
    /** A device that was heard of within this time counts as one that could have updated. */
    private static final Duration HEARD = Duration.ofDays(30);

    private static final String SELECT = """
            select d.id, d.name, d.hardware, d.cohort, r.version, d.last_seen
            from device d left join release r on r.id = d.release_id
            """;

    private static final String BY_ID = SELECT + " where d.id = any(?)";

    /** By what they run now; the index of names gives the order, so that a page costs what it shows. */
    private static final String RUNNING = SELECT + """
            where d.project_id = ? and d.name > ? and d.beat_at >= ? and r.software = ? and\s""";

    private static final String LOOPING = """
            select l.device_id, l.crashes, l.last
            from (%s) l join device d on d.id = l.device_id
            where d.name > ? order by d.name limit ?
            """.formatted(Findings.LOOPS);

    private final Transactions transactions;
    private final Releases releases;
    private final SilentDevices silentDevices;

    FindingDevices(Transactions transactions, Releases releases, SilentDevices silentDevices) {
        this.transactions = transactions;
        this.releases = releases;
        this.silentDevices = silentDevices;
    }

    /**
     * Those behind {@code after}.
     *
     * @param version the release that it is about; needed but for fragmentation and crash loops
     */
    public Page<FindingDevice> of(
            Project project,
            Finding.Kind kind,
            String software,
            @Nullable String version,
            @Nullable String after,
            int limit,
            Instant now) {
        String behind = after == null ? "" : after;
        return transactions.snapshot(connection -> {
            List<FindingDevice> found = switch (kind) {
                case SLOW_ADOPTION -> without(connection, project, software, needed(version), behind, limit + 1, now);
                case FRAGMENTATION -> minority(connection, project, software, behind, limit + 1, now);
                case ROLLBACK_STORM -> wentBack(connection, project, software, needed(version), behind, limit + 1);
                case CRASH_LOOP -> looping(connection, project, software, behind, limit + 1, now);
                case SILENT_AFTER_UPDATE ->
                    silent(connection, project, software, needed(version), behind, limit + 1, now);
            };
            boolean more = found.size() > limit;
            List<FindingDevice> shown = more ? found.subList(0, limit) : found;
            return new Page<>(shown, more ? shown.getLast().name() : null);
        });
    }

    private static String needed(@Nullable String version) {
        if (version == null) {
            throw Problem.badRequest("parameter-missing", "version is missing: the release that it is about");
        }
        return version;
    }

    private static ActiveDays week(Connection connection, Project project, String software, Instant now)
            throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return ActiveDays.read(connection, project.id(), software, today.minusDays(Adoptions.MATRIX_DAYS - 1L), today);
    }

    private static List<FindingDevice> without(
            Connection connection,
            Project project,
            String software,
            String version,
            String after,
            int limit,
            Instant now)
            throws SQLException {
        var containing = week(connection, project, software, now).containing(connection, version);
        var query = new Fragment(RUNNING, project.id(), after, now.minus(HEARD), software)
                .append("r.version <> all (?)", (Object) containing.toArray(String[]::new))
                .append(" order by d.name limit ?", limit);
        return running(connection, query, "runs another release");
    }

    /** All but those of the release that most run. */
    private static List<FindingDevice> minority(
            Connection connection, Project project, String software, String after, int limit, Instant now)
            throws SQLException {
        List<String> versions = week(connection, project, software, now).versions();
        if (versions.isEmpty()) {
            return List.of();
        }
        var query = new Fragment(RUNNING, project.id(), after, now.minus(HEARD), software)
                .append("r.version <> ?", versions.getFirst())
                .append(" order by d.name limit ?", limit);
        return running(connection, query, "does not run " + versions.getFirst());
    }

    private static List<FindingDevice> running(Connection connection, Fragment query, String what) throws SQLException {
        List<FindingDevice> devices = new ArrayList<>();
        try (var statement = query.prepare(connection);
                var row = statement.executeQuery()) {
            while (row.next()) {
                devices.add(device(row, what));
            }
        }
        return devices;
    }

    private List<FindingDevice> wentBack(
            Connection connection, Project project, String software, String version, String after, int limit)
            throws SQLException {
        Map<Long, String> what = new HashMap<>();
        List<Long> ids = new ArrayList<>();
        for (RolledBack device : Rollbacks.list(connection, id(project, software, version), after, limit)) {
            ids.add(device.id());
            what.put(device.id(), "went back to %s".formatted(device.version()));
        }
        return byId(connection, ids, what);
    }

    private List<FindingDevice> silent(
            Connection connection,
            Project project,
            String software,
            String version,
            String after,
            int limit,
            Instant now)
            throws SQLException {
        Map<Long, String> what = new HashMap<>();
        List<Long> ids = new ArrayList<>();
        for (Silent device : silentDevices.list(
                connection, id(project, software, version), now.minus(Findings.SILENT_SINCE), now, after, limit)) {
            ids.add(device.id());
            what.put(
                    device.id(),
                    "silent; it was heard of every %d minutes or more often"
                            .formatted(Math.round(device.usualPauseSeconds() / 60)));
        }
        return byId(connection, ids, what);
    }

    private static List<FindingDevice> looping(
            Connection connection, Project project, String software, String after, int limit, Instant now)
            throws SQLException {
        Map<Long, String> what = new HashMap<>();
        List<Long> ids = new ArrayList<>();
        List<Object> values =
                List.of(now.minus(Findings.LOOP_WITHIN), project.id(), software, Findings.LOOP, after, limit);
        try (var query = Fragment.prepare(connection, LOOPING, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
                what.put(row.getLong(1), "crashed %d times at its start since yesterday".formatted(row.getLong(2)));
            }
        }
        return byId(connection, ids, what);
    }

    private long id(Project project, String software, String version) {
        return releases.find(project.id(), software, version)
                .orElseThrow(() -> Releases.notFound(software, version))
                .id();
    }

    private static List<FindingDevice> byId(Connection connection, List<Long> ids, Map<Long, String> what)
            throws SQLException {
        Map<Long, FindingDevice> devices = new HashMap<>();
        try (var query = Fragment.prepare(connection, BY_ID, List.of(ids));
                var row = query.executeQuery()) {
            while (row.next()) {
                devices.put(row.getLong(1), device(row, what.getOrDefault(row.getLong(1), "")));
            }
        }
        return ids.stream().map(devices::get).filter(Objects::nonNull).toList();
    }

    private static FindingDevice device(ResultSet row, String what) throws SQLException {
        return new FindingDevice(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getTimestamp(6).toInstant(),
                what);
    }
}
