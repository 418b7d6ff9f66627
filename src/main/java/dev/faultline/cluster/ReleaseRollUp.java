package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The part of {@link RollUp} that adds up releases, whatever the clusters: which devices crashed on which days, and the counts of
 * each release by hardware and day. Works on the tables that RollUp fills.
 */
final class ReleaseRollUp {
    private static final String CRASHED = """
            insert into roll_up_crashed
            select release_id, device_id, day, hardware, sum(crashes), coalesce(sum(crashes) filter (where provisional), 0)
            from roll_up_taken
            where release_id <> 0 and device_id <> 0
            group by 1, 2, 3, 4
            having sum(crashes) <> 0 or coalesce(sum(crashes) filter (where provisional), 0) <> 0
            """;

    private static final String COUNTED = """
            insert into release_count as k (project_id, release_id, hardware, day, crashes, unnamed, counted, devices,
                device_days, unsymbolicated, timed, at_start)
            select ?, release_id, hardware, day, sum(crashes), sum(unnamed), sum(counted), sum(devices), sum(device_days),
                sum(unsymbolicated), sum(timed), sum(at_start)
            from (
                select release_id, hardware, day, sum(crashes) as crashes,
                    coalesce(sum(crashes) filter (where device_id = 0), 0) as unnamed, 0 as counted, 0 as devices,
                    0 as device_days, 0 as unsymbolicated,
                    coalesce(sum(crashes) filter (where at_start is not null), 0) as timed,
                    coalesce(sum(crashes) filter (where at_start), 0) as at_start
                from roll_up_taken
                where release_id <> 0
                group by release_id, grouping sets ((), (hardware)), grouping sets ((), (day))
                union all
                select release_id, hardware, day, 0, 0, device_days, 0, 0, 0, 0, 0
                from roll_up_count
                where release_id <> 0 and days <= 1
                union all
                select d.release_id, d.hardware, s.day, 0, 0, 0, s.devices, d.device_days, d.unsymbolicated, 0, 0
                from (
                    select release_id, hardware, day, bool_or(after > 0)::int - bool_or(before > 0)::int as device_days,
                        bool_or(unsymbolicated_after > 0)::int - bool_or(unsymbolicated_before > 0)::int as unsymbolicated
                    from (%1$s) c
                    group by release_id, device_id, day, grouping sets ((), (hardware))
                ) d
                cross join lateral (values (d.day, d.device_days), (null, 0)) s (day, devices)
                union all
                select release_id, hardware, null, 0, 0, 0, bool_or(after > 0)::int - bool_or(before > 0)::int, 0, 0, 0, 0
                from (%1$s) c
                group by release_id, device_id, grouping sets ((), (hardware))
            ) c
            group by 2, 3, 4
            having sum(crashes) <> 0 or sum(counted) <> 0 or sum(devices) <> 0 or sum(device_days) <> 0
                or sum(unsymbolicated) <> 0 or sum(unnamed) <> 0 or sum(timed) <> 0 or sum(at_start) <> 0
            on conflict (release_id, hardware, day) do update set crashes = k.crashes + excluded.crashes,
                unnamed = k.unnamed + excluded.unnamed, counted = k.counted + excluded.counted,
                devices = k.devices + excluded.devices, device_days = k.device_days + excluded.device_days,
                unsymbolicated = k.unsymbolicated + excluded.unsymbolicated, timed = k.timed + excluded.timed,
                at_start = k.at_start + excluded.at_start
            """.formatted("""
            select release_id, device_id, day, hardware, sum(before) as before, sum(before + change) as after,
                sum(unsymbolicated_before) as unsymbolicated_before,
                sum(unsymbolicated_before + unsymbolicated_change) as unsymbolicated_after
            from (
                select d.release_id, d.device_id, d.day, d.hardware, d.crashes as before, 0 as change,
                    d.unsymbolicated as unsymbolicated_before, 0 as unsymbolicated_change
                from (select distinct release_id, device_id from roll_up_crashed) c
                join crashed_day d on d.release_id = c.release_id and d.device_id = c.device_id
                union all
                select release_id, device_id, day, hardware, 0, crashes, 0, unsymbolicated from roll_up_crashed
            ) r
            group by 1, 2, 3, 4""");

    private static final String DAYS = """
            insert into crashed_day as k select * from roll_up_crashed
            on conflict (release_id, device_id, day, hardware)
                do update set crashes = k.crashes + excluded.crashes,
                    unsymbolicated = k.unsymbolicated + excluded.unsymbolicated
            """;

    private static final String DAYS_EMPTIED = """
            delete from crashed_day where crashes = 0 and release_id in (select release_id from roll_up_crashed)
            """;

    private static final String COUNTS_EMPTIED = """
            delete from release_count where crashes = 0 and release_id in (select release_id from roll_up_taken)
            """;

    private ReleaseRollUp() {}

    /** Crashes that came and went, once the changes of their clusters' counts are known. */
    static void logged(Connection transaction, long projectId, boolean removes) throws SQLException {
        Fragment.update(transaction, CRASHED);
        Fragment.update(transaction, COUNTED, projectId);
        Fragment.update(transaction, DAYS);
        if (removes) {
            Fragment.update(transaction, DAYS_EMPTIED);
            Fragment.update(transaction, COUNTS_EMPTIED);
        }
    }

    /** Variants that moved: of releases, only what is counted once a cluster changes. */
    static void moved(Connection transaction, long projectId) throws SQLException {
        Fragment.update(transaction, COUNTED, projectId);
    }
}
