package dev.faultline.heartbeat;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of heartbeats and what each device said last; whoever writes them holds the rows of the devices. */
final class HeartbeatRows {

    private static final String SEEN = """
            select n.place
            from unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[]) as n (place, device_id, boot, sequence)
            join heartbeat_seen s on s.device_id = n.device_id and s.boot = n.boot
            where s.sequences @> n.sequence
            """;

    /**
     * A batch in one statement. What a device said last is that of the latest time, then of the greatest boot id and sequence
     * number, so that it is the same in whatever order they come.
     */
    private static final String STORE = """
            with given as (select ?::bigint as project_id, ?::timestamptz as received),
            new as materialized (
                select n.*, timestamptz 'epoch' + n.at_ms * interval '1 millisecond' as at
                from unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[],
                    ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[])
                    as n (device_id, release_id, hardware, cohort, at_ms, boot, sequence, uptime_ms, interval_ms, crash_free_ms,
                        reboots, metrics, attributes)
            ), stored as (
                insert into heartbeat (project_id, device_id, release_id, hardware, cohort, at, received_at, boot, sequence,
                    uptime_ms, interval_ms, crash_free_ms, reboots, metrics)
                select g.project_id, n.device_id, n.release_id, n.hardware, n.cohort, n.at, g.received, n.boot, n.sequence,
                    n.uptime_ms, n.interval_ms, n.crash_free_ms, n.reboots::jsonb, n.metrics::jsonb
                from new n cross join given g
                order by n.at, n.device_id
                returning id, project_id, device_id, at
            ), waiting as (
                insert into heartbeat_waiting (project_id, heartbeat_id, device_id, at)
                select project_id, id, device_id, at from stored
            ), seen as (
                insert into heartbeat_seen as s (device_id, boot, sequences, last_received)
                select n.device_id, n.boot, range_agg(int8range(n.sequence, n.sequence + 1)), g.received
                from new n cross join given g
                group by n.device_id, n.boot, g.received
                on conflict (device_id, boot) do update set
                    sequences = s.sequences + excluded.sequences,
                    last_received = greatest(s.last_received, excluded.last_received)
            ), last as (
                select distinct on (device_id) * from new order by device_id, at desc, boot collate "C" desc, sequence desc
            ), revision as (
                select distinct on (device_id) device_id, hardware, at from new
                where hardware <> '' order by device_id, at desc, hardware collate "C" desc
            ), described as (
                select distinct on (device_id) device_id, attributes::jsonb as attributes, at from new
                where attributes is not null order by device_id, at desc, attributes::jsonb desc
            ), told as (
                select device_id, min(at) as first_at, count(*) as beats from new group by 1
            )
            update device d set
                first_seen = least(d.first_seen, t.first_at),
                last_seen = greatest(d.last_seen, l.at),
                beat_at = case when o.later then l.at else d.beat_at end,
                beat_boot = case when o.later then l.boot else d.beat_boot end,
                beat_sequence = case when o.later then l.sequence else d.beat_sequence end,
                release_id = case when o.later then l.release_id else d.release_id end,
                cohort = case when o.later then l.cohort else d.cohort end,
                hardware = case when o.other_hardware then r.hardware else d.hardware end,
                hardware_at = greatest(d.hardware_at, r.at),
                attributes = case when o.other_attributes then a.attributes else d.attributes end,
                attributes_at = greatest(d.attributes_at, a.at),
                beats = case when d.beats_on = o.today then d.beats else 0 end + t.beats,
                beats_on = o.today
            from told t
            join last l on l.device_id = t.device_id
            left join revision r on r.device_id = t.device_id
            left join described a on a.device_id = t.device_id
            join device b on b.id = t.device_id
            cross join given g
            cross join lateral (
                select (g.received at time zone 'UTC')::date as today,
                    b.beat_at is null
                        or (l.at, l.boot collate "C", l.sequence) > (b.beat_at, b.beat_boot collate "C", b.beat_sequence) as later,
                    r.at is not null and (b.hardware_at is null
                        or (r.at, r.hardware collate "C") > (b.hardware_at, coalesce(b.hardware, '') collate "C")) as other_hardware,
                    a.at is not null and (b.attributes_at is null
                        or (a.at, a.attributes) > (b.attributes_at, b.attributes)) as other_attributes
            ) o
            where d.id = t.device_id
            """;

    private HeartbeatRows() {}

    /** Those that did not come before. */
    static List<HeartbeatRow> unseen(Connection transaction, List<HeartbeatRow> rows) throws SQLException {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            places.add((long) i);
        }
        Set<Integer> seen = new HashSet<>();
        try (var query = Fragment.prepare(
                        transaction,
                        SEEN,
                        List.of(
                                places,
                                numbers(rows, HeartbeatRow::deviceId),
                                texts(rows, row -> row.heartbeat().boot()),
                                numbers(rows, row -> row.heartbeat().sequence())));
                var row = query.executeQuery()) {
            while (row.next()) {
                seen.add(row.getInt(1));
            }
        }
        List<HeartbeatRow> unseen = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (!seen.contains(i)) {
                unseen.add(rows.get(i));
            }
        }
        return unseen;
    }

    static void store(Connection transaction, long projectId, List<HeartbeatRow> rows, Instant received)
            throws SQLException {
        Fragment.update(
                transaction,
                STORE,
                projectId,
                received,
                numbers(rows, HeartbeatRow::deviceId),
                numbers(rows, HeartbeatRow::releaseId),
                texts(rows, row -> row.heartbeat().hardware()),
                texts(rows, row -> row.heartbeat().cohort()),
                numbers(rows, row -> row.arrival().at().toEpochMilli()),
                texts(rows, row -> row.heartbeat().boot()),
                numbers(rows, row -> row.heartbeat().sequence()),
                numbers(rows, row -> row.heartbeat().uptimeMillis()),
                numbers(rows, row -> row.heartbeat().intervalMillis()),
                numbers(rows, row -> row.heartbeat().crashFreeMillis()),
                texts(rows, HeartbeatRow::reboots),
                texts(rows, HeartbeatRow::metrics),
                texts(rows, HeartbeatRow::attributes));
    }

    /** A column of bigint. */
    static List<@Nullable Long> numbers(List<HeartbeatRow> rows, Function<HeartbeatRow, @Nullable Long> column) {
        return Arrays.asList(rows.stream().map(column).toArray(Long[]::new));
    }

    /** A column of text. */
    static @Nullable String[] texts(List<HeartbeatRow> rows, Function<HeartbeatRow, @Nullable String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }
}
