package dev.faultline.heartbeat;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a device runs since when, per software type: what its heartbeats say, in the order of their times, with only the changes
 * kept. A heartbeat that says what was known of its time changes nothing; from any other one on, it is found out again.
 */
final class DeviceHistory {

    /** From when on a batch, stored already, changes what is known. */
    private static final String NEWS = """
            select n.device_id, n.software, min(n.at_ms)
            from unnest(?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::bigint[])
                as n (device_id, software, release_id, hardware, cohort, at_ms)
            left join lateral (
                select h.release_id, h.hardware, h.cohort from device_history h
                where h.device_id = n.device_id and h.software = n.software
                    and h.since <= timestamptz 'epoch' + n.at_ms * interval '1 millisecond'
                order by h.since desc limit 1
            ) h on true
            where (h.release_id, h.hardware, h.cohort) is distinct from (n.release_id, n.hardware, n.cohort)
            group by 1, 2
            """;

    private static final String GIVEN = """
            (
                select n.device_id, n.software, timestamptz 'epoch' + n.at_ms * interval '1 millisecond' as at
                from unnest(?::bigint[], ?::text[], ?::bigint[]) as n (device_id, software, at_ms)
            ) n
            """;

    private static final String FORGET = "delete from device_history h using " + GIVEN
            + " where h.device_id = n.device_id and h.software = n.software and h.since >= n.at";

    /** Of several heartbeats of one moment, the one of the greatest boot id and sequence number counts. */
    private static final String FIND = """
            insert into device_history (device_id, software, since, release_id, hardware, cohort)
            select n.device_id, n.software, c.at, c.release_id, c.hardware, c.cohort
            from %s
            cross join lateral (
                select b.at, b.release_id, b.hardware, b.cohort,
                    lag(b.release_id) over w as was_release, lag(b.hardware) over w as was_hardware, lag(b.cohort) over w as was_cohort
                from (
                    select distinct on (m.at) m.at, m.release_id, m.hardware, m.cohort
                    from (
                        (select h.since as at, h.release_id, h.hardware, h.cohort, '' as boot, 0 as sequence
                        from device_history h
                        where h.device_id = n.device_id and h.software = n.software and h.since < n.at
                        order by h.since desc limit 1)
                        union all
                        select b.at, b.release_id, b.hardware, b.cohort, b.boot, b.sequence
                        from heartbeat b join release r on r.id = b.release_id and r.software = n.software
                        where b.device_id = n.device_id and b.at >= n.at
                    ) m
                    order by m.at, m.boot collate "C" desc, m.sequence desc
                ) b
                window w as (order by b.at)
            ) c
            where c.at >= n.at
                and (c.was_release, c.was_hardware, c.was_cohort) is distinct from (c.release_id, c.hardware, c.cohort)
            """.formatted(GIVEN);

    private DeviceHistory() {}

    /** Adds what stored heartbeats say. */
    static void add(Connection transaction, List<HeartbeatRow> rows) throws SQLException {
        List<Long> devices = new ArrayList<>();
        List<String> software = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        try (var query = Fragment.prepare(
                        transaction,
                        NEWS,
                        List.of(
                                HeartbeatRows.numbers(rows, HeartbeatRow::deviceId),
                                HeartbeatRows.texts(
                                        rows, row -> row.heartbeat().release().software()),
                                HeartbeatRows.numbers(rows, HeartbeatRow::releaseId),
                                HeartbeatRows.texts(rows, row -> row.heartbeat().hardware()),
                                HeartbeatRows.texts(rows, row -> row.heartbeat().cohort()),
                                HeartbeatRows.numbers(
                                        rows, row -> row.arrival().at().toEpochMilli())));
                var row = query.executeQuery()) {
            while (row.next()) {
                devices.add(row.getLong(1));
                software.add(row.getString(2));
                times.add(row.getLong(3));
            }
        }
        if (!devices.isEmpty()) {
            String[] types = software.toArray(String[]::new);
            Fragment.update(transaction, FORGET, devices, types, times);
            Fragment.update(transaction, FIND, devices, types, times);
        }
    }
}
