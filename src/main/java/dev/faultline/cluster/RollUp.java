package dev.faultline.cluster;

import dev.faultline.ops.Fragment;
import dev.faultline.ops.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Brings the roll-ups of a project up to date, one transaction at a time. Takes its lock last: whoever holds it asks for none
 * of {@link EditLocks} any more.
 *
 * <p>Needs statements that see what was committed before each of them (read committed), not a snapshot from before the lock.
 */
final class RollUp {
    /** Most crashes that move while somebody waits for an edit. */
    static final int MOVED_AT_ONCE = 500;

    static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('roll-ups of a project', ?))";

    /** A variant that moved is counted where it was until {@link #moved} follows it. */
    private static final String TAKE = """
            with taken as (
                delete from crash_counted
                where id in (select id from crash_counted where project_id = ? order by id limit ?)
                returning variant_id, device_id, release_id, hardware, day, crashes, arrived, at_start
            )
            insert into roll_up_taken
            select coalesce(k.cluster_id, v.cluster_id), t.device_id, v.id, t.release_id, t.hardware, t.day, t.crashes,
                t.arrived, t.at_start, v.provisional
            from taken t join variant v on v.id = t.variant_id left join variant_total k on k.variant_id = v.id
            """;

    private static final String CHANGE = """
            insert into roll_up_change
            select cluster_id, device_id, variant_id, release_id, hardware, day, sum(crashes)
            from roll_up_taken
            group by 1, 2, 3, 4, 5, 6
            having sum(crashes) <> 0
            """;

    /** For those whose state waits for a release: they are looked at aside from this, which must not wait for their rows. */
    private static final String SEEN = """
            insert into cluster_seen as s
            select k.id, t.release_id, bool_or(t.arrived)
            from roll_up_taken t join variant v on v.id = t.variant_id join cluster k on k.id = v.cluster_id
            where t.crashes > 0 and (k.state = 'resolved' or k.muted_until_release is not null)
            group by 1, 2
            on conflict (cluster_id, release_id) do update set arrived = s.arrived or excluded.arrived
            """;

    /** By the price that a page has on a disk that turns, the planner would read all counts for those of a thousand variants. */
    private static final String SCATTERED = "set local random_page_cost to 1.1";

    private static final String CRASHES =
            "select coalesce(sum(crashes), 0) from variant_total where variant_id = any(?)";

    private static final String MOVED_LATER =
            "insert into variant_moved (project_id, variant_id) select ?, unnest(?::bigint[])";

    private static final String TAKE_MOVED = """
            delete from variant_moved
            where id in (select id from variant_moved where project_id = ? order by id limit ?)
            returning variant_id
            """;

    private static final String MOVING = """
            insert into roll_up_moving
            select t.variant_id, t.cluster_id, v.cluster_id
            from variant_total t join variant v on v.id = t.variant_id and v.cluster_id <> t.cluster_id
            where t.variant_id = any(?)
            """;

    /** What variants have, out of the clusters where they are counted and into those where they are now. */
    private static final String MOVE = """
            insert into roll_up_change
            select m.cluster_id, t.device_id, t.variant_id, t.release_id, t.hardware, t.day, m.sign * t.crashes
            from roll_up_moving v
            join tally t on t.variant_id = v.variant_id
            cross join lateral (values (v.from_cluster, -1), (v.to_cluster, 1)) m (cluster_id, sign)
            """;

    private static final String REMOVES = "select exists (select from roll_up_taken where crashes < 0)";

    /** All that the clusters have of the devices, before and after the changes: whose last day and which variants change. */
    private static final String DEVICES = """
            insert into roll_up_device
            select cluster_id, device_id, variant_id, release_id, hardware, day, sum(before), sum(before + change)
            from (
                select t.cluster_id, t.device_id, t.variant_id, t.release_id, t.hardware, t.day, t.crashes as before, 0 as change
                from (select distinct cluster_id, device_id from roll_up_change where device_id <> 0) c
                join tally t on t.cluster_id = c.cluster_id and t.device_id = c.device_id
                union all
                select cluster_id, device_id, variant_id, release_id, hardware, day, 0, crashes
                from roll_up_change where device_id <> 0
            ) t
            group by 1, 2, 3, 4, 5, 6
            """;

    private static final String KNOWN = """
            insert into roll_up_variant
            select t.variant_id, t.cluster_id, exists (select from variant_total v where v.variant_id = t.variant_id)
            from (select distinct variant_id, cluster_id from roll_up_taken) t
            """;

    private static final String TALLY = """
            insert into tally as t select * from roll_up_change
            on conflict (cluster_id, device_id, variant_id, release_id, hardware, day)
                do update set crashes = t.crashes + excluded.crashes
            """;

    private static final String TALLY_MOVED = """
            update tally t set cluster_id = v.to_cluster from roll_up_moving v where t.variant_id = v.variant_id
            """;

    private static final String TALLY_EMPTIED =
            "delete from tally where crashes = 0 and cluster_id in (select cluster_id from roll_up_change)";

    /** What changes, by release and hardware or any of them and by all stretches of time that are kept. */
    private static final String COUNTED = """
            insert into roll_up_count
            select cluster_id, release_id, hardware, days, day, sum(crashes), sum(devices), sum(device_days)
            from (
                select d.cluster_id, d.release_id, d.hardware, s.days, s.day, d.crashes, 0 as devices, d.device_days
                from (
                    select cluster_id, release_id, hardware, day, sum(crashes) as crashes, 0 as device_days
                    from roll_up_change
                    group by cluster_id, day, grouping sets ((), (release_id), (hardware), (release_id, hardware))
                    union all
                    select cluster_id, release_id, hardware, day, 0, bool_or(after > 0)::int - bool_or(before > 0)::int
                    from roll_up_device
                    group by cluster_id, device_id, day, grouping sets ((), (release_id), (hardware), (release_id, hardware))
                    having bool_or(after > 0) <> bool_or(before > 0)
                ) d
                cross join lateral (
                    values (0, null), (1, d.day), (4, stretch(d.day, 4)), (16, stretch(d.day, 16)), (64, stretch(d.day, 64))
                ) s (days, day)
                where s.days <= 1 or d.release_id is null
                union all
                select d.cluster_id, d.release_id, d.hardware, s.days, s.day, 0, s.devices, 0
                from (
                    select cluster_id, release_id, hardware, max(day) filter (where before > 0) as before,
                        max(day) filter (where after > 0) as after
                    from roll_up_device
                    group by cluster_id, device_id, grouping sets ((), (release_id), (hardware), (release_id, hardware))
                ) d
                cross join lateral (
                    values (0, null, (d.after is not null)::int - (d.before is not null)::int),
                        (1, d.before, -1), (1, d.after, 1),
                        (4, stretch(d.before, 4), -1), (4, stretch(d.after, 4), 1),
                        (16, stretch(d.before, 16), -1), (16, stretch(d.after, 16), 1),
                        (64, stretch(d.before, 64), -1), (64, stretch(d.after, 64), 1)
                ) s (days, day, devices)
                where d.before is distinct from d.after and (s.days = 0 or s.day is not null)
                    and (s.days <= 1 or d.release_id is null)
            ) c
            group by 1, 2, 3, 4, 5
            having sum(crashes) <> 0 or sum(devices) <> 0 or sum(device_days) <> 0
            """;

    private static final String COUNTS = """
            insert into cluster_count as k (project_id, release_id, hardware, days, day, cluster_id, crashes, devices,
                device_days)
            select ?, release_id, hardware, days, day, cluster_id, crashes, devices, device_days
            from roll_up_count
            on conflict (project_id, release_id, hardware, days, day, cluster_id)
                do update set crashes = k.crashes + excluded.crashes, devices = k.devices + excluded.devices,
                    device_days = k.device_days + excluded.device_days
            """;

    private static final String COUNTS_EMPTIED =
            "delete from cluster_count where crashes = 0 and cluster_id in (select cluster_id from roll_up_change)";

    private static final String VARIANTS = """
            insert into variant_total as k (variant_id, project_id, cluster_id, provisional, needs_symbols, crashes, devices,
                first_at, first_crash, last_at, last_crash, timed, at_start)
            select v.id, v.project_id, t.cluster_id, v.provisional, v.needs_symbols, t.crashes, coalesce(d.devices, 0),
                o.effective_at, o.id, n.effective_at, n.id, t.timed, t.at_start
            from (
                select variant_id, cluster_id, sum(crashes) as crashes,
                    coalesce(sum(crashes) filter (where at_start is not null), 0) as timed,
                    coalesce(sum(crashes) filter (where at_start), 0) as at_start
                from roll_up_taken group by variant_id, cluster_id
            ) t
            join variant v on v.id = t.variant_id
            left join (
                select variant_id, sum(after::int - before::int) as devices
                from (
                    select variant_id, bool_or(before > 0) as before, bool_or(after > 0) as after
                    from roll_up_device group by variant_id, cluster_id, device_id
                ) d
                group by variant_id
            ) d on d.variant_id = v.id
            left join lateral (
                select id, effective_at from crash where variant_id = v.id order by effective_at, id limit 1
            ) o on true
            left join lateral (
                select id, effective_at from crash where variant_id = v.id order by effective_at desc, id desc limit 1
            ) n on true
            on conflict (variant_id) do update set
                crashes = k.crashes + excluded.crashes, devices = k.devices + excluded.devices,
                timed = k.timed + excluded.timed, at_start = k.at_start + excluded.at_start,
                first_at = excluded.first_at, first_crash = excluded.first_crash,
                last_at = excluded.last_at, last_crash = excluded.last_crash
            """;

    private static final String VARIANTS_EMPTIED =
            "delete from variant_total where crashes = 0 and variant_id in (select variant_id from roll_up_variant)";

    private static final String NAMES = """
            insert into function_name (project_id, name)
            select distinct v.project_id, left(f ->> 'name', 500)
            from roll_up_variant r
            join variant v on v.id = r.variant_id
            cross join lateral jsonb_array_elements(v.frames) f
            where not r.known and f ->> 'name' is not null
            on conflict do nothing
            """;

    private static final String FUNCTIONS = """
            insert into cluster_function as k
            select n.id, c.cluster_id, sum(c.variants)
            from (%s) c
            join variant v on v.id = c.variant_id
            cross join lateral (select distinct left(f ->> 'name', 500) as name from jsonb_array_elements(v.frames) f) f
            join function_name n on n.project_id = v.project_id and n.name = f.name
            group by 1, 2
            having sum(c.variants) <> 0
            on conflict (function_id, cluster_id) do update set variants = k.variants + excluded.variants
            """;

    private static final String FUNCTIONS_COUNTED = FUNCTIONS.formatted("""
            select variant_id, cluster_id, 1 - 2 * known::int as variants
            from roll_up_variant r
            where known <> exists (select from variant_total t where t.variant_id = r.variant_id)
            """);

    private static final String FUNCTIONS_MOVED = FUNCTIONS.formatted("""
            select v.variant_id, m.cluster_id, m.variants
            from roll_up_moving v
            cross join lateral (values (v.from_cluster, -1), (v.to_cluster, 1)) m (cluster_id, variants)
            """);

    private static final String FUNCTIONS_EMPTIED =
            "delete from cluster_function where variants = 0 and cluster_id in (select cluster_id from roll_up_change)";

    private static final String VARIANTS_MOVED = """
            update variant_total t set cluster_id = v.to_cluster from roll_up_moving v where t.variant_id = v.variant_id
            """;

    /** Each cluster's own row of cluster_count, and its ends: of a join the planner would read those of all clusters. */
    private static final String CLUSTERS = """
            insert into cluster_total (cluster_id, project_id, crashes, devices, first_at, first_crash, last_at, last_crash,
                timed, at_start, severity, complete)
            select c.cluster_id, p.id, t.crashes, t.devices, o.first_at, o.first_crash, n.last_at, n.last_crash,
                b.timed, b.at_start, severity(k.reason, b.at_start, b.timed),
                exists (select from variant_total where cluster_id = c.cluster_id and not provisional)
            from (select ?::bigint as id) p
            cross join (select cluster_id from roll_up_taken union select cluster_id from roll_up_change) c
            cross join lateral (
                select crashes, devices from cluster_count
                where project_id = p.id and release_id is null and hardware is null and days = 0 and day is null
                    and cluster_id = c.cluster_id
                limit 1
            ) t
            cross join lateral (
                select first_at, first_crash from variant_total
                where cluster_id = c.cluster_id and first_at is not null order by first_at, first_crash limit 1
            ) o
            cross join lateral (
                select last_at, last_crash from variant_total
                where cluster_id = c.cluster_id and last_at is not null order by last_at desc, last_crash desc limit 1
            ) n
            cross join lateral (
                select coalesce(sum(timed), 0) as timed, coalesce(sum(at_start), 0) as at_start from variant_total
                where cluster_id = c.cluster_id and timed > 0
            ) b
            cross join lateral (select reason from cluster where id = c.cluster_id limit 1) k
            on conflict (cluster_id) do update set crashes = excluded.crashes, devices = excluded.devices,
                first_at = excluded.first_at, first_crash = excluded.first_crash,
                last_at = excluded.last_at, last_crash = excluded.last_crash,
                timed = excluded.timed, at_start = excluded.at_start, severity = excluded.severity,
                complete = excluded.complete
            """;

    private static final String CLUSTERS_EMPTIED = """
            delete from cluster_total k
            where cluster_id in (select cluster_id from roll_up_change)
                and not exists (select from variant_total t where t.cluster_id = k.cluster_id)
            """;

    /** What one transaction works with; empty at the end of each. */
    private static final String WORK = """
            create temporary table if not exists roll_up_taken (cluster_id bigint, device_id bigint, variant_id bigint,
                release_id bigint, hardware text, day date, crashes int, arrived boolean, at_start boolean, provisional boolean)
                on commit delete rows;
            create temporary table if not exists roll_up_change (cluster_id bigint, device_id bigint, variant_id bigint,
                release_id bigint, hardware text, day date, crashes int) on commit delete rows;
            create temporary table if not exists roll_up_device (cluster_id bigint, device_id bigint, variant_id bigint,
                release_id bigint, hardware text, day date, before int, after int) on commit delete rows;
            create temporary table if not exists roll_up_variant (variant_id bigint, cluster_id bigint, known boolean)
                on commit delete rows;
            create temporary table if not exists roll_up_count (cluster_id bigint, release_id bigint, hardware text, days int,
                day date, crashes int, devices int, device_days int) on commit delete rows;
            create temporary table if not exists roll_up_moving (variant_id bigint, from_cluster bigint, to_cluster bigint)
                on commit delete rows;
            create temporary table if not exists roll_up_crashed (release_id bigint, device_id bigint, day date, hardware text,
                crashes int, unsymbolicated int) on commit delete rows
            """;

    private final Connection transaction;
    private final long projectId;

    private RollUp(Connection transaction, long projectId) {
        this.transaction = transaction;
        this.projectId = projectId;
    }

    /** Adds what {@link CountLog} holds, the oldest first; returns how many of its rows there were, {@code most} at most. */
    static int logged(Connection transaction, long projectId, int most) throws SQLException {
        return begin(transaction, projectId).logged(most);
    }

    /**
     * Follows variants to the clusters that they are in now: at once, or, where they have more crashes than an edit may wait for,
     * by {@link #later}.
     */
    static void moved(Connection transaction, long projectId, List<Long> variants) throws SQLException {
        if (variants.isEmpty()) {
            return;
        }
        if (Rows.ids(transaction, CRASHES, List.of(variants)).getFirst() > MOVED_AT_ONCE) {
            Fragment.update(transaction, MOVED_LATER, projectId, variants);
        } else {
            begin(transaction, projectId).moved(variants);
        }
    }

    /** Follows variants that moved a while ago, the oldest first; returns how many moves, {@code most} at most. */
    static int later(Connection transaction, long projectId, int most) throws SQLException {
        var rollUp = begin(transaction, projectId);
        List<Long> variants = Rows.ids(transaction, TAKE_MOVED, List.of(projectId, most));
        if (!variants.isEmpty()) {
            rollUp.moved(variants);
        }
        return variants.size();
    }

    private static RollUp begin(Connection transaction, long projectId) throws SQLException {
        var rollUp = new RollUp(transaction, projectId);
        try (var lock = Fragment.prepare(transaction, LOCK, List.of(projectId))) {
            lock.execute();
        }
        try (var create = transaction.createStatement()) {
            create.execute(WORK);
        }
        return rollUp;
    }

    private int logged(int most) throws SQLException {
        int taken = update(TAKE, projectId, most);
        if (taken > 0) {
            boolean removes = removes();
            update(CHANGE);
            update(SEEN);
            update(KNOWN);
            update(DEVICES);
            update(TALLY);
            update(COUNTED);
            update(COUNTS, projectId);
            ReleaseRollUp.logged(transaction, projectId, removes);
            update(VARIANTS);
            if (removes) {
                update(TALLY_EMPTIED);
                update(COUNTS_EMPTIED);
                update(VARIANTS_EMPTIED);
            }
            update(NAMES);
            update(FUNCTIONS_COUNTED);
            update(CLUSTERS, projectId);
            if (removes) {
                update(FUNCTIONS_EMPTIED);
                update(CLUSTERS_EMPTIED);
            }
        }
        return taken;
    }

    /** Where crashes only came, nothing can be left without any. */
    private boolean removes() throws SQLException {
        try (var query = transaction.prepareStatement(REMOVES);
                var row = query.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void moved(List<Long> variants) throws SQLException {
        update(SCATTERED);
        update(MOVING, variants);
        update(MOVE);
        update(DEVICES);
        update(TALLY_MOVED);
        update(COUNTED);
        update(COUNTS, projectId);
        update(COUNTS_EMPTIED);
        ReleaseRollUp.moved(transaction, projectId);
        update(FUNCTIONS_MOVED);
        update(FUNCTIONS_EMPTIED);
        update(VARIANTS_MOVED);
        update(CLUSTERS, projectId);
        update(CLUSTERS_EMPTIED);
    }

    private int update(String sql, Object... values) throws SQLException {
        return Fragment.update(transaction, sql, values);
    }
}
