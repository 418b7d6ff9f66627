package dev.faultline.cluster;

import java.util.List;

/** A roll-up of project {@code %1$d} as it is kept, and as a recount of the crashes has it. */
record Recount(String recounted, String kept) {
    private static final String CRASHES = """
            crash as (
                select c.id, c.effective_at, v.cluster_id, v.id as variant_id, coalesce(c.device_id, 0) as device_id,
                    coalesce(c.release_id, 0) as release_id, coalesce(c.hardware, '') as hardware,
                    (c.effective_at at time zone 'UTC')::date as day, c.at_start
                from public.crash c join variant v on v.id = c.variant_id where c.project_id = %1$d
            )
            """;

    private static final Recount TALLY = new Recount(
            "with " + CRASHES + """
            select cluster_id, device_id, variant_id, release_id, hardware, day, count(*)::int from crash
            group by 1, 2, 3, 4, 5, 6
            """,
            "select t.* from tally t join cluster k on k.id = t.cluster_id where k.project_id = %1$d");

    private static final Recount COUNTS = new Recount(
            "with " + CRASHES + """
            , scoped as (
                select r.release_id, h.hardware, c.day, c.cluster_id, c.device_id
                from crash c cross join lateral (values (c.release_id), (null)) r (release_id)
                    cross join lateral (values (c.hardware), (null)) h (hardware)
            ), timed as (
                select s.release_id, s.hardware, t.days, t.day, s.cluster_id, s.device_id, s.day as of_day
                from scoped s cross join lateral (
                    values (1::smallint, s.day), (4::smallint, s.day - (s.day - date '1970-01-01') %% 4),
                        (16::smallint, s.day - (s.day - date '1970-01-01') %% 16),
                        (64::smallint, s.day - (s.day - date '1970-01-01') %% 64)) t (days, day)
                where t.days = 1 or s.release_id is null
            ), last as (
                select release_id, hardware, days, cluster_id, device_id, max(day) as day from timed
                where device_id <> 0 group by 1, 2, 3, 4, 5
            )
            select release_id, hardware, 0::smallint, null::date, cluster_id, count(*)::int,
                count(distinct device_id) filter (where device_id <> 0)::int,
                count(distinct (device_id, day)) filter (where device_id <> 0)::int
            from scoped group by 1, 2, 5
            union all
            select s.release_id, s.hardware, s.days, s.day, s.cluster_id, s.crashes, coalesce(l.devices, 0), s.device_days
            from (
                select release_id, hardware, days, day, cluster_id, count(*)::int as crashes,
                    count(distinct (device_id, of_day)) filter (where device_id <> 0)::int as device_days
                from timed
                group by 1, 2, 3, 4, 5
            ) s
            left join (
                select release_id, hardware, days, day, cluster_id, count(*)::int as devices from last
                group by 1, 2, 3, 4, 5
            ) l on l.cluster_id = s.cluster_id and l.days = s.days and l.day = s.day and coalesce(l.release_id, -1) = coalesce(s.release_id, -1)
                and coalesce(l.hardware, '(any)') = coalesce(s.hardware, '(any)')
            """,
            "select release_id, hardware, days, day, cluster_id, crashes, devices, device_days from cluster_count where project_id = %1$d");

    private static final Recount VARIANTS = new Recount("with " + CRASHES + """
            select v.id, v.cluster_id, v.provisional, v.needs_symbols, count(*)::int,
                count(distinct c.device_id) filter (where c.device_id <> 0)::int,
                min(c.effective_at), (array_agg(c.id order by c.effective_at, c.id))[1],
                max(c.effective_at), (array_agg(c.id order by c.effective_at desc, c.id desc))[1],
                count(c.at_start)::int, (count(*) filter (where c.at_start))::int
            from crash c join variant v on v.id = c.variant_id group by v.id
            """, """
            select variant_id, cluster_id, provisional, needs_symbols, crashes, devices, first_at, first_crash, last_at, last_crash,
                timed, at_start
            from variant_total where project_id = %1$d
            """);

    private static final Recount CLUSTERS = new Recount("with " + CRASHES + """
            select cluster_id, count(*)::int, count(distinct device_id) filter (where device_id <> 0)::int,
                min(effective_at), (array_agg(c.id order by effective_at, c.id))[1],
                max(effective_at), (array_agg(c.id order by effective_at desc, c.id desc))[1],
                count(at_start)::int, (count(*) filter (where at_start))::int,
                severity(k.reason, count(*) filter (where at_start), count(at_start)),
                exists (select from variant v where v.cluster_id = c.cluster_id and not v.provisional
                    and v.id in (select variant_id from crash))
            from crash c join cluster k on k.id = cluster_id group by cluster_id, k.reason
            """, """
            select cluster_id, crashes, devices, first_at, first_crash, last_at, last_crash, timed, at_start, severity, complete
            from cluster_total
            where project_id = %1$d
            """);

    private static final Recount FUNCTIONS = new Recount("with " + CRASHES + """
            select v.cluster_id, f ->> 'name', count(distinct v.id)::int
            from variant v cross join lateral jsonb_array_elements(v.frames) f
            where v.id in (select variant_id from crash) group by 1, 2
            """, """
            select f.cluster_id, n.name, f.variants from cluster_function f join function_name n on n.id = f.function_id
            where n.project_id = %1$d
            """);

    private static final Recount CRASHED_DAYS = new Recount("with " + CRASHES + """
            select c.release_id, c.device_id, c.day, c.hardware, count(*)::int, (count(*) filter (where v.provisional))::int
            from crash c join variant v on v.id = c.variant_id
            where c.release_id <> 0 and c.device_id <> 0 group by 1, 2, 3, 4
            """, """
            select d.* from crashed_day d join release r on r.id = d.release_id where r.project_id = %1$d
            """);

    private static final Recount RELEASES = new Recount("with " + CRASHES + """
            , scoped as (
                select c.*, v.provisional, h.of_hardware, t.of_day
                from crash c join variant v on v.id = c.variant_id
                    cross join lateral (values (c.hardware), (null)) h (of_hardware)
                    cross join lateral (values (c.day), (null)) t (of_day)
                where c.release_id <> 0
            )
            select release_id, of_hardware, of_day, count(*)::int, (count(*) filter (where device_id = 0))::int,
                count(distinct (cluster_id, device_id, day)) filter (where device_id <> 0)::int,
                count(distinct device_id) filter (where device_id <> 0)::int,
                count(distinct (device_id, day)) filter (where device_id <> 0)::int,
                count(distinct (device_id, day)) filter (where device_id <> 0 and provisional)::int,
                count(at_start)::int, (count(*) filter (where at_start))::int
            from scoped group by 1, 2, 3
            """, """
            select release_id, hardware, day, crashes, unnamed, counted, devices, device_days, unsymbolicated, timed, at_start
            from release_count where project_id = %1$d
            """);

    static final List<Recount> ALL = List.of(TALLY, COUNTS, VARIANTS, CLUSTERS, FUNCTIONS, CRASHED_DAYS, RELEASES);
}
