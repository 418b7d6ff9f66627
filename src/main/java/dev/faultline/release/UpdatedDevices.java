package dev.faultline.release;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Devices that ran the baseline and then the candidate, each compared with itself: how long they ran each, and on how many days
 * they crashed on each, once a device and day.
 *
 * @param devices looked at
 */
record UpdatedDevices(
        long devices, double baselineDays, long baselineCrashDays, double candidateDays, long candidateCrashDays) {
    /** Ranges of devices that are looked at, evenly spread over all of them, and devices of each at most. */
    private static final int RANGES = 40;

    private static final int OF_RANGE = 100;

    /**
     * The last change to the candidate counts, and the baseline right before it. A device that left the candidate again ran it until
     * then.
     */
    private static final String UPDATED = """
            with ids as (
                select min(device_id) as least, max(device_id) as greatest from device_history where release_id = ?
            ), sample as (
                select s.device_id
                from ids cross join generate_series(0, ? - 1) n
                cross join lateral (
                    select distinct h.device_id from device_history h
                    where h.release_id = ?
                        and h.device_id >= ids.least + (ids.greatest - ids.least + 1) * n / ?
                        and h.device_id < ids.least + (ids.greatest - ids.least + 1) * (n + 1) / ?
                    order by h.device_id limit ?
                ) s
            ), updated as (
                select s.device_id, b.since as before, c.since as updated, coalesce(n.since, ?) as until
                from sample s
                join release r on r.id = ?
                cross join lateral (
                    select since from device_history
                    where release_id = r.id and device_id = s.device_id order by since desc limit 1
                ) c
                cross join lateral (
                    select release_id, since from device_history
                    where device_id = s.device_id and software = r.software and since < c.since order by since desc limit 1
                ) b
                left join lateral (
                    select since from device_history
                    where device_id = s.device_id and software = r.software and since > c.since and release_id <> r.id
                    order by since limit 1
                ) n on true
                where b.release_id = ?
            ), counted as (
                select u.*,
                    (select count(distinct day) from crashed_day d where d.release_id = ? and d.device_id = u.device_id
                        and day >= (u.before at time zone 'UTC')::date) as crashed_before,
                    (select count(distinct day) from crashed_day d where d.release_id = ? and d.device_id = u.device_id
                        and day >= (u.updated at time zone 'UTC')::date) as crashed_after
                from updated u
            )
            select count(*), coalesce(sum(extract(epoch from updated - before)) / 86400, 0),
                coalesce(sum(crashed_before), 0), coalesce(sum(extract(epoch from until - updated)) / 86400, 0),
                coalesce(sum(crashed_after), 0)
            from counted
            """;

    /** Null where no device was updated from the one to the other. */
    static @Nullable UpdatedDevices read(Connection connection, long baseline, long candidate, Instant now)
            throws SQLException {
        List<Object> values = List.of(
                candidate, RANGES, candidate, RANGES, RANGES, OF_RANGE, now, candidate, baseline, baseline, candidate);
        try (var query = Fragment.prepare(connection, UPDATED, values);
                var row = query.executeQuery()) {
            row.next();
            return row.getLong(1) == 0
                    ? null
                    : new UpdatedDevices(
                            row.getLong(1), row.getDouble(2), row.getLong(3), row.getDouble(4), row.getLong(5));
        }
    }
}
