package dev.faultline.heartbeat;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Adds heartbeats to the hours of operation, active devices and metrics of their project, one transaction at a time. Each heartbeat
 * is added once: its row in the log goes in the same transaction.
 *
 * <p>Needs statements that see what was committed before each of them (read committed), not a snapshot from before the lock.
 */
final class BeatRollUp {
    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('heartbeats of a project', ?))";

    /** What one transaction works with; empty at the end of each. */
    private static final String WORK = """
            create temporary table if not exists beat_taken (device_id bigint, software text, release_id bigint, hardware text,
                cohort text, at timestamptz, end_ms bigint, boot text, sequence bigint, interval_ms bigint, crash_free_ms bigint,
                reboots jsonb, metrics jsonb) on commit delete rows;
            create temporary table if not exists beat_day (device_id bigint, software text, day date, release_id bigint,
                hardware text, cohort text, at timestamptz, boot text, sequence bigint, was_release bigint, was_hardware text,
                was_cohort text) on commit delete rows
            """;

    /** The limit keeps it one look at an index for each: as a join, the planner would read whole days. */
    private static final String TAKE = """
            with taken as (
                delete from heartbeat_waiting
                where id in (select id from heartbeat_waiting where project_id = ? order by id limit ?)
                returning heartbeat_id, device_id, at
            )
            insert into beat_taken
            select h.device_id, r.software, h.release_id, h.hardware, h.cohort, h.at, (extract(epoch from h.at) * 1000)::bigint,
                h.boot, h.sequence, h.interval_ms, h.crash_free_ms, h.reboots, h.metrics
            from taken t
            cross join lateral (
                select * from heartbeat b where b.device_id = t.device_id and b.at = t.at and b.id = t.heartbeat_id limit 1
            ) h
            join release r on r.id = h.release_id
            """;

    /** Each hour gets its part of an interval, and as large a part of what was free of crashes: rounded so that the parts are it. */
    private static final String HOURS = """
            insert into exposure_hour as e (project_id, release_id, hardware, cohort, hour, operated_ms, crash_free_ms)
            select ?, release_id, hardware, cohort, timestamptz 'epoch' + hour * interval '1 hour', sum(till - since),
                sum(crash_free_ms * till / interval_ms - crash_free_ms * since / interval_ms)
            from (
                select b.release_id, b.hardware, b.cohort, b.interval_ms, b.crash_free_ms, h.hour,
                    greatest(h.hour * 3600000 - (b.end_ms - b.interval_ms), 0) as since,
                    least((h.hour + 1) * 3600000 - (b.end_ms - b.interval_ms), b.interval_ms) as till
                from beat_taken b
                cross join lateral generate_series((b.end_ms - b.interval_ms) / 3600000, (b.end_ms - 1) / 3600000) h (hour)
                where b.interval_ms > 0
            ) p
            group by 2, 3, 4, 5
            on conflict (release_id, hour, hardware, cohort) do update set
                operated_ms = e.operated_ms + excluded.operated_ms, crash_free_ms = e.crash_free_ms + excluded.crash_free_ms
            """;

    /** What devices said last on a day, where that changes, and what was the last before. */
    private static final String LAST = """
            insert into beat_day
            select b.device_id, b.software, b.day, b.release_id, b.hardware, b.cohort, b.at, b.boot, b.sequence,
                d.release_id, d.hardware, d.cohort
            from (
                select distinct on (device_id, software, day) *
                from (select *, (at at time zone 'UTC')::date as day from beat_taken) t
                order by device_id, software, day, at desc, boot collate "C" desc, sequence desc
            ) b
            left join lateral (
                select * from device_day d where d.device_id = b.device_id and d.software = b.software and d.day = b.day limit 1
            ) d on true
            where d.device_id is null or (b.at, b.boot collate "C", b.sequence) > (d.at, d.boot collate "C", d.sequence)
            """;

    private static final String DEVICES = """
            insert into device_day as d (project_id, device_id, software, day, release_id, hardware, cohort, at, boot, sequence)
            select ?, device_id, software, day, release_id, hardware, cohort, at, boot, sequence from beat_day
            on conflict (device_id, software, day) do update set
                release_id = excluded.release_id, hardware = excluded.hardware, cohort = excluded.cohort,
                at = excluded.at, boot = excluded.boot, sequence = excluded.sequence
            """;

    private static final String ACTIVE = """
            insert into active_day as a (project_id, release_id, hardware, cohort, day, devices)
            select ?, c.release_id, c.hardware, c.cohort, b.day, sum(c.devices)
            from beat_day b
            cross join lateral (
                values (b.release_id, b.hardware, b.cohort, 1), (b.was_release, b.was_hardware, b.was_cohort, -1)
            ) c (release_id, hardware, cohort, devices)
            where c.release_id is not null
            group by 2, 3, 4, 5
            having sum(c.devices) <> 0
            on conflict (release_id, day, hardware, cohort) do update set devices = a.devices + excluded.devices
            """;

    private static final String ACTIVE_EMPTIED = """
            delete from active_day a using (select distinct was_release, day from beat_day where was_release is not null) b
            where a.release_id = b.was_release and a.day = b.day and a.devices = 0
            """;

    private static final String METRICS = """
            insert into metric_day as m (metric_id, release_id, hardware, cohort, day, count, sum, squares, least, greatest)
            select n.id, v.release_id, v.hardware, v.cohort, v.day, count(*), sum(v.value), sum(v.value * v.value),
                min(v.value), max(v.value)
            from (
                select b.release_id, b.hardware, b.cohort, (b.at at time zone 'UTC')::date as day, e.name, e.value::float8 as value
                from beat_taken b
                cross join lateral (
                    select key, value from jsonb_each_text(b.metrics)
                    union all
                    select 'reboot.' || key, value from jsonb_each_text(b.reboots)
                ) e (name, value)
            ) v
            join metric_name n on n.project_id = ? and n.name = v.name
            group by 1, 2, 3, 4, 5
            on conflict (metric_id, release_id, day, hardware, cohort) do update set
                count = m.count + excluded.count, sum = m.sum + excluded.sum, squares = m.squares + excluded.squares,
                least = least(m.least, excluded.least), greatest = greatest(m.greatest, excluded.greatest)
            """;

    private BeatRollUp() {}

    /** Adds what waits, the oldest first; returns how many heartbeats that were, {@code most} at most. */
    static int add(Connection transaction, long projectId, int most) throws SQLException {
        try (var lock = Fragment.prepare(transaction, LOCK, List.of(projectId))) {
            lock.execute();
        }
        try (var create = transaction.createStatement()) {
            create.execute(WORK);
        }
        int taken = Fragment.update(transaction, TAKE, projectId, most);
        if (taken > 0) {
            Fragment.update(transaction, HOURS, projectId);
            Fragment.update(transaction, LAST);
            Fragment.update(transaction, DEVICES, projectId);
            Fragment.update(transaction, ACTIVE, projectId);
            Fragment.update(transaction, ACTIVE_EMPTIED);
            Fragment.update(transaction, METRICS, projectId);
        }
        return taken;
    }
}
