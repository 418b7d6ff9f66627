package dev.faultline.fleet;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Devices that reported a release and then nothing: a bricked device sends no dump. A device is silent when its last word was of
 * this release and is older than three times its usual pause.
 *
 * <p>The usual pause is that in which 95 % of the device's own fell before its last word, from one reception to the next, as a device
 * may send a day's heartbeats at once; never less than {@code faultline.heartbeat-interval}, so that most devices are known to be
 * well without a look at their heartbeats.
 */
@ApplicationScoped
public class SilentDevices {
    /** Usual pauses after which a device counts as silent. */
    private static final int PAUSES = 3;

    /** Most devices of one release that are looked at; of more, as many are taken by chance, the same ones each time. */
    private static final int LOOKED_AT = 50_000;

    /** Heartbeats before a device's last word that tell its usual pause, and how old they may be. */
    private static final int HEARTBEATS = 200;

    private static final Duration LOOK_BACK = Duration.ofDays(14);

    private static final String ROWS = "select count(*) from device_history where release_id = ?";

    /** Those that ran it since a time, but for those that took it too lately to be judged; and since when nobody heard of them. */
    private static final String TAKEN = """
            with taken as (
                select device_id, min(since) as since, max(since) as until
                from device_history
                where release_id = ? and (? = 1 or (hashint8(device_id) & 2147483647) % ? = 0)
                group by 1
            ), ran as (
                select d.id, d.name, t.since, greatest(d.beat_at, d.last_seen) as heard, d.beat_at, n.since as left_at
                from taken t
                join device d on d.id = t.device_id
                join release r on r.id = ?
                left join lateral (
                    select h.since from device_history h
                    where h.device_id = t.device_id and h.software = r.software and h.since > t.until
                        and h.release_id <> r.id
                    order by h.since limit 1
                ) n on true
                where coalesce(n.since, greatest(d.beat_at, d.last_seen)) >= ? and greatest(t.since, ?) <= ?
            ), quiet as (
                select r.id, r.name, r.heard, p.pause
                from ran r
                cross join lateral (
                    select max(b.received_at) as received,
                        greatest(percentile_disc(0.95) within group (order by b.gap), ? * interval '1 second') as pause
                    from (
                        select h.received_at, h.received_at - lead(h.received_at) over (order by h.received_at desc) as gap
                        from (
                            select distinct received_at from (
                                select received_at from heartbeat
                                where device_id = r.id and at <= r.beat_at and at >= r.beat_at - ? * interval '1 second'
                                order by at desc limit ?
                            ) last
                        ) h
                    ) b
                ) p
                where r.left_at is null and r.heard < ? and greatest(r.heard, p.received) + ? * p.pause < ?
            )
            """;

    private static final String COUNT = TAKEN + "select (select count(*) from ran), (select count(*) from quiet)";

    private static final String LIST = TAKEN + """
            select id, name, heard, extract(epoch from pause) from quiet where name > ? order by name limit ?
            """;

    private final Duration heartbeatInterval;

    SilentDevices(@ConfigProperty(name = "faultline.heartbeat-interval") Duration heartbeatInterval) {
        this.heartbeatInterval = heartbeatInterval;
    }

    /**
     * A device that fell silent.
     *
     * @param lastHeard its last heartbeat or crash
     * @param usualPauseSeconds between two receptions
     */
    public record Silent(long id, String name, Instant lastHeard, double usualPauseSeconds) {}

    /**
     * Devices that ran a release at {@code from} or later, and those of them that are silent. One that took it within three
     * intervals is not among either: its time is not up. What happened to all devices at a time, an outage for example, is in
     * both of two releases that are asked about from the same time on.
     */
    public Part count(Connection connection, long release, Instant from, Instant now) throws SQLException {
        try (var query = taken(connection, COUNT, release, from, now, List.of());
                var row = query.executeQuery()) {
            row.next();
            return new Part(row.getLong(1), row.getLong(2));
        }
    }

    /** The silent ones by name, those behind {@code after}; of a release with very many devices, those that were looked at. */
    public List<Silent> list(Connection connection, long release, Instant from, Instant now, String after, int limit)
            throws SQLException {
        List<Silent> silent = new ArrayList<>();
        try (var query = taken(connection, LIST, release, from, now, List.of(after, limit));
                var row = query.executeQuery()) {
            while (row.next()) {
                silent.add(silent(row));
            }
        }
        return silent;
    }

    private PreparedStatement taken(
            Connection connection, String sql, long release, Instant from, Instant now, List<?> more)
            throws SQLException {
        long oneIn = oneIn(connection, release);
        Instant due = now.minus(heartbeatInterval.multipliedBy(PAUSES));
        List<Object> values = new ArrayList<>(List.of(
                release,
                oneIn,
                oneIn,
                release,
                from,
                from,
                due,
                heartbeatInterval.toSeconds(),
                LOOK_BACK.toSeconds(),
                HEARTBEATS,
                due,
                PAUSES,
                now));
        values.addAll(more);
        return Fragment.prepare(connection, sql, values);
    }

    private static long oneIn(Connection connection, long release) throws SQLException {
        return 1 + (Rows.ids(connection, ROWS, List.of(release)).getFirst() - 1) / LOOKED_AT;
    }

    private static Silent silent(ResultSet row) throws SQLException {
        return new Silent(
                row.getLong(1),
                row.getString(2),
                Objects.requireNonNull(row.getTimestamp(3)).toInstant(),
                row.getDouble(4));
    }
}
