package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Devices that went back: they ran a release and within a week reported one that it contains. Where nobody knows whether it
 * does, it is no rollback.
 */
public final class Rollbacks {
    /** Later, it is a decision and no failed update. */
    private static final Duration WITHIN = Duration.ofDays(7);

    /** Most releases that one is asked about, those of most devices first. */
    private static final int MOST_RELEASES = 200;

    /** Releases that devices changed to. */
    private static final String AFTERWARDS = """
            select o.id, o.version, r.version, r.project_id, r.software
            from (
                select n.release_id, count(distinct n.device_id) as devices
                from device_history h
                join device_history n on n.device_id = h.device_id and n.software = h.software and n.since > h.since
                    and n.since <= h.since + ? * interval '1 second' and n.release_id <> h.release_id
                where h.release_id = ?
                group by 1 order by 2 desc, 1 limit ?
            ) n
            join release o on o.id = n.release_id
            join release r on r.id = ?
            """;

    private static final String BACK = """
            from device_history h
            join device_history n on n.device_id = h.device_id and n.software = h.software and n.since > h.since
                and n.since <= h.since + ? * interval '1 second' and n.release_id = any (?)
            """;

    private static final String COUNT = "select count(distinct h.device_id) " + BACK + " where h.release_id = ?";

    private static final String LIST = """
            select distinct on (d.name) d.id, d.name, n.since, o.version
            """ + BACK + """
            join device d on d.id = h.device_id
            join release o on o.id = n.release_id
            where h.release_id = ? and d.name > ?
            order by d.name, n.since limit ?
            """;

    private Rollbacks() {}

    /** A device that went back at {@code at}, and to which version. */
    public record RolledBack(long id, String name, Instant at, String version) {}

    /** Devices that ever ran a release, and those of them that went back. */
    public static Part count(Connection connection, long release) throws SQLException {
        long devices = ReleaseFleets.count(connection, release);
        List<Long> contained = contained(connection, release);
        return contained.isEmpty()
                ? new Part(devices, 0)
                : new Part(
                        devices,
                        Rows.ids(connection, COUNT, List.of(WITHIN.toSeconds(), contained, release))
                                .getFirst());
    }

    /** Those that went back by name, those behind {@code after}. */
    public static List<RolledBack> list(Connection connection, long release, String after, int limit)
            throws SQLException {
        List<Long> contained = contained(connection, release);
        List<RolledBack> devices = new ArrayList<>();
        if (contained.isEmpty()) {
            return devices;
        }
        List<Object> values = List.of(WITHIN.toSeconds(), contained, release, after, limit);
        try (var query = Fragment.prepare(connection, LIST, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                devices.add(rolledBack(row));
            }
        }
        return devices;
    }

    private static RolledBack rolledBack(ResultSet row) throws SQLException {
        return new RolledBack(
                row.getLong(1),
                row.getString(2),
                Objects.requireNonNull(row.getTimestamp(3)).toInstant(),
                row.getString(4));
    }

    /** Of the releases that devices changed to, those that the release contains. */
    private static List<Long> contained(Connection connection, long release) throws SQLException {
        List<Long> contained = new ArrayList<>();
        List<Object> values = List.of(WITHIN.toSeconds(), release, MOST_RELEASES, release);
        try (var query = Fragment.prepare(connection, AFTERWARDS, values);
                var row = query.executeQuery()) {
            while (row.next()) {
                var answer = Containment.of(
                                connection, row.getLong(4), row.getString(5), row.getString(3), row.getString(2))
                        .answer();
                if (answer == Containment.Answer.YES) {
                    contained.add(row.getLong(1));
                }
            }
        }
        return contained;
    }
}
