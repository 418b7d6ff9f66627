package dev.faultline.exposure;

import dev.faultline.heartbeat.BeatRollUps;
import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Hours of operation of releases that are compared with each other, by hardware revision and day: all from one source, the best
 * that knows both. Days with a crash are none here: a release that crashes ten times as often would have ten times as many, and
 * look as good as the other one.
 */
@ApplicationScoped
public class ReleaseHours {
    private static final double MILLIS_AN_HOUR = 3_600_000;
    private static final List<ExposureSource> SOURCES = List.of(ExposureSource.HEARTBEATS, ExposureSource.CONTACTS);

    /** Intervals between heartbeats that two contacts may be apart and the device counts as on. */
    private static final int INTERVALS = 2;

    private static final String HEARTBEAT_SPAN = """
            select min(hour), max(hour), exists (select from exposure_hour where release_id = ?)
            from exposure_hour where release_id = ?
            """;

    private static final String CONTACT_SPAN = """
            select min(at), max(at), exists (select from heartbeat where release_id = ? and interval_ms is null)
            from heartbeat where release_id = ? and interval_ms is null
            """;

    private static final String HEARTBEATS = """
            select release_id, hardware, (hour at time zone 'UTC')::date, sum(operated_ms)
            from exposure_hour where release_id = any(?) and hour >= ?
            group by 1, 2, 3
            """;

    /** What a contact says holds for the time since the one before it, of the same software. */
    private static final String CONTACTS = """
            select c.release_id, c.hardware, (c.at at time zone 'UTC')::date,
                sum(extract(epoch from least(c.at - p.at, ? * interval '1 second')) * 1000)::bigint
            from heartbeat c
            join release r on r.id = c.release_id
            cross join lateral (
                select b.at from heartbeat b join release o on o.id = b.release_id and o.software = r.software
                where b.device_id = c.device_id and b.at < c.at
                order by b.at desc limit 1
            ) p
            where c.interval_ms is null and c.release_id = any(?) and c.at >= ?
            group by 1, 2, 3
            """;

    private final BeatRollUps rollUps;
    private final Duration longestGap;

    ReleaseHours(
            BeatRollUps rollUps, @ConfigProperty(name = "faultline.heartbeat-interval") Duration heartbeatInterval) {
        this.rollUps = rollUps;
        this.longestGap = heartbeatInterval.multipliedBy(INTERVALS);
    }

    /**
     * When a release was out, by a source.
     *
     * @param last the beginning of the last hour or day that is known
     */
    public record Known(ExposureSource source, Instant first, Instant last) {}

    /** A release on a hardware revision, empty where unknown, on a day. */
    public record Hours(long release, String hardware, LocalDate day, double hours) {}

    /** Counts what arrived so far. */
    public void catchUp(long projectId) {
        rollUps.catchUp(projectId);
    }

    /** The best source that knows hours of both, else the best that knows some of the candidate; null where none does. */
    public @Nullable Known known(Connection connection, long baseline, long candidate) throws SQLException {
        Known best = null;
        for (ExposureSource source : SOURCES) {
            String span = source == ExposureSource.HEARTBEATS ? HEARTBEAT_SPAN : CONTACT_SPAN;
            try (var query = Fragment.prepare(connection, span, List.of(baseline, candidate));
                    var row = query.executeQuery()) {
                row.next();
                Instant first = Rows.instant(row, 1);
                Instant last = Rows.instant(row, 2);
                if (first != null && last != null) {
                    var known = new Known(source, first, last);
                    if (row.getBoolean(3)) {
                        return known;
                    }
                    best = best == null ? known : best;
                }
            }
        }
        return best;
    }

    /** Of all days since one. */
    public List<Hours> since(Connection connection, ExposureSource source, List<Long> releases, Instant from)
            throws SQLException {
        var query = source == ExposureSource.HEARTBEATS
                ? new Fragment(HEARTBEATS, releases, from)
                : new Fragment(CONTACTS, longestGap.toSeconds(), releases, from);
        List<Hours> found = new ArrayList<>();
        try (var statement = query.prepare(connection);
                var row = statement.executeQuery()) {
            while (row.next()) {
                found.add(new Hours(
                        row.getLong(1),
                        row.getString(2),
                        row.getObject(3, LocalDate.class),
                        row.getLong(4) / MILLIS_AN_HOUR));
            }
        }
        return found;
    }
}
