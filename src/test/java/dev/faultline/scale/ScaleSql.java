package dev.faultline.scale;

/**
 * What fills the tables, in order. The settings {@code scale.*} hold the sizes. Skew: crashes by cluster, and by variant in
 * a cluster, fall with the rank (Zipf, exponent 1), variants by cluster with its power of 0.7; one crash in ten is of a device
 * in a loop, of which there are 5 in 1,000; a cluster begins at a day of its own and half of them end; a release takes over
 * within two weeks and never quite disappears.
 */
final class ScaleSql {
    private ScaleSql() {}

    static final String SETTINGS = """
            select set_config('scale.crashes', '%d', false), set_config('scale.clusters', '%d', false),
                set_config('scale.variants', '%d', false), set_config('scale.devices', '%d', false),
                set_config('scale.releases', '%d', false), set_config('scale.days', '%d', false)
            """;

    /** The rows are right by construction, so foreign keys need no look at each of them. */
    static final String SESSION = """
            set synchronous_commit to off;
            set session_replication_role to replica;
            set work_mem to '256MB';
            set maintenance_work_mem to '768MB';
            set max_parallel_maintenance_workers to 2;
            select setseed(0.25);
            create function pg_temp.size(name text) returns bigint language sql stable
                return current_setting('scale.' || name)::bigint;
            -- a number from 0 to 1 that belongs to the texts
            create function pg_temp.unit(seed text) returns float8 language sql immutable
                return (hashtextextended(seed, 0) & 1048575) / 1048576.0;
            """;

    static final String FLEET = """
            insert into release (project_id, software, version, first_seen, registered_at, branch, commit_id)
            select (select id from project where name = 'default'), 'main-fw',
                (1 + n / 12) || '.' || (n / 3 % 4) || '.' || n % 3, at, at, 'main', encode(sha256(n::text::bytea), 'hex')
            from (select n, now() - make_interval(days => pg_temp.size('days')::int)
                    + n * make_interval(hours => (pg_temp.size('days') * 24 / pg_temp.size('releases'))::int) as at
                from generate_series(0, pg_temp.size('releases') - 1) n) r
            order by n;

            insert into device (project_id, name, hardware, first_seen, last_seen)
            select (select id from project where name = 'default'), 'SN-' || lpad(n::text, 7, '0'),
                'rev-' || (array['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'e', 'f'])[1 + n % 20],
                now() - make_interval(days => pg_temp.size('days')::int), now()
            from generate_series(0, pg_temp.size('devices') - 1) n;
            """;

    /** Names as firmware has them: a module, what it does, to what. */
    static final String FUNCTIONS = """
            create temporary table name (n int primary key, module text, name text);
            insert into name
            select row_number() over () - 1, m, m || '_' || v || '_' || o
            from unnest(array['radio', 'modem', 'gnss', 'sensor', 'storage', 'flash', 'fs', 'ota', 'crypto', 'tls', 'mqtt', 'coap',
                    'http', 'net', 'ip', 'ppp', 'usb', 'uart', 'spi', 'i2c', 'can', 'adc', 'dma', 'timer', 'rtc', 'power',
                    'battery', 'display', 'ui', 'audio', 'motor', 'valve', 'cloud', 'config', 'log', 'shell', 'sched', 'queue',
                    'pool', 'event']) m,
                unnest(array['init', 'open', 'close', 'read', 'write', 'poll', 'push', 'pop', 'parse', 'encode', 'decode', 'send',
                    'receive', 'handle', 'start', 'stop', 'update', 'verify', 'flush', 'reset']) v,
                unnest(array['frame', 'packet', 'buffer', 'session', 'context', 'table', 'entry', 'block', 'page', 'slot', 'record',
                    'message', 'channel', 'state', 'header', 'list', 'ring', 'stream', 'key', 'sample']) o;
            """;

    static final String CLUSTERS = """
            create temporary table cluster_plan as
            select r as rank,
                (array['bad-access', 'null-deref', 'assert', 'watchdog', 'bus-imprecise', 'stack-overflow', 'panic', 'hang',
                    'undef-instr', 'unaligned', 'div0'])[1 + floor(11 * power(pg_temp.unit('reason' || r), 1.8))::int] as reason,
                floor(16000 * pg_temp.unit('f0' || r))::int as f0, floor(16000 * pg_temp.unit('f1' || r))::int as f1,
                floor(16000 * pg_temp.unit('f2' || r))::int as f2,
                floor((pg_temp.size('days') - 1) * pg_temp.unit('birth' || r))::int as birth,
                case when pg_temp.unit('ends' || r) < 0.5 then 20 + floor(200 * pg_temp.unit('life' || r))::int
                    else 100000 end as life,
                case when r % 9 = 0 then (array[0, 8, 13, 16, 18, 19])[1 + r % 6] end as only_place,
                power(r::float8, -0.7) as weight, 0::bigint as cluster_id, 0::bigint as first_variant, 0::bigint as variants
            from generate_series(1, pg_temp.size('clusters')) r;

            insert into cluster (project_id, signature, reason, software, state, created_at)
            select (select id from project where name = 'default'),
                reason || ' | ' || a.name || ' | ' || b.name || ' | ' || c.name, reason, 'main-fw',
                case when pg_temp.unit('state' || rank) < 0.3 then 'resolved' else 'open' end,
                now() - make_interval(days => (pg_temp.size('days') - birth)::int)
            from cluster_plan join name a on a.n = f0 join name b on b.n = f1 join name c on c.n = f2
            order by birth, rank;

            -- ids follow the birth, as they do when crashes come one after the other
            update cluster_plan p set cluster_id = k.id
            from (select rank, (select min(id) from cluster) + row_number() over (order by birth, rank) - 1 as id
                from cluster_plan) k
            where k.rank = p.rank;

            update cluster_plan p set variants = q.variants, first_variant = q.until - q.variants
            from (select rank, variants, sum(variants) over (order by rank) as until from (
                select rank, 1 + round((pg_temp.size('variants') - pg_temp.size('clusters')) * weight
                    / sum(weight) over ())::bigint as variants from cluster_plan) v) q
            where q.rank = p.rank;
            create unique index on cluster_plan (rank);
            analyze cluster_plan;
            """;

    /** Eight frames: the cluster's three, then four of the variant's own, then where threads begin. */
    static final String VARIANTS = """
            create temporary table variant_plan as
            select row_number() over (order by p.rank, i) - 1 as n, p.rank, i
            from cluster_plan p cross join lateral generate_series(0, p.variants - 1) i;

            insert into variant (project_id, cluster_id, algorithm, k1, k3, k8, signature, reason, software,
                provisional, needs_symbols, frames, joined_because, created_at)
            select k.project_id, k.id, 1, encode(sha256(('1' || p.rank)::bytea), 'hex'),
                encode(sha256(('3' || p.rank || ' ' || v.i / 50)::bytea), 'hex'),
                encode(sha256(('8' || p.rank || ' ' || v.i)::bytea), 'hex'), k.signature, k.reason, k.software,
                p.rank % 50 = 7, p.rank % 50 = 7,
                (select jsonb_agg(jsonb_build_object('name', m.name, 'part', case when s.place < 7 then 'relevant' else 'base' end,
                        'keys', case when s.place < 1 then '["k1", "k3", "k8"]'::jsonb when s.place < 3 then '["k3", "k8"]'::jsonb
                            when s.place < 7 then '["k8"]'::jsonb else '[]'::jsonb end,
                        'file', m.module || '.c', 'line', 20 + s.f % 400) order by s.place)
                    from (values (0, p.f0), (1, p.f1), (2, p.f2),
                        (3, floor(16000 * pg_temp.unit('d' || p.rank || ' ' || v.i))::int),
                        (4, floor(16000 * pg_temp.unit('e' || p.rank || ' ' || v.i / 3))::int),
                        (5, floor(16000 * pg_temp.unit('f' || p.rank || ' ' || v.i / 9))::int),
                        (6, floor(40 * pg_temp.unit('g' || p.rank))::int * 400 + 5), (7, 14465)) s (place, f)
                    join name m on m.n = s.f),
                case when v.i = 0 then 'the first crash with these frames' else 'the same frames say where it crashed' end,
                k.created_at
            from variant_plan v join cluster_plan p on p.rank = v.rank join cluster k on k.id = p.cluster_id
            order by v.n;
            """;

    static final String CRASHES = """
            create unlogged table scale_crash as
            select c.n, p.rank, v.first + case when drawn is null then c.n
                    else p.first_variant + floor(power(p.variants + 1, random()))::bigint - 1 end as variant_id,
                p.birth, p.life, p.only_place, random() as when_u, random() as time_u, random() as release_u,
                random() as loop_u, random() as device_u
            from (select min(id) as first, count(*) as planned from variant) v,
                lateral (
                    select n, case when n < v.planned then null
                        else floor(power(pg_temp.size('clusters') + 1, random()))::bigint end as drawn
                    from generate_series(0, pg_temp.size('crashes') - 1) n) c
                left join variant_plan w on w.n = c.n and c.drawn is null
                join cluster_plan p on p.rank = coalesce(c.drawn, w.rank);

            create unlogged table scale_sorted as
            select variant_id, rank, at, release_index, d.id as device_id, d.name as device, d.hardware, n
            from (
                select variant_id, rank, n, only_place,
                    floor(case when loop_u < 0.1 then greatest(1, pg_temp.size('devices') / 200) * device_u
                        else pg_temp.size('devices') * power(device_u, 1.3) end)::bigint as drawn,
                    date_trunc('day', now()) - make_interval(days => (pg_temp.size('days') - day)::int)
                        + make_interval(secs => time_u * 86399) as at,
                    greatest(0, least(pg_temp.size('releases') - 1, day * pg_temp.size('releases') / pg_temp.size('days'))
                        + ceil(1.5 * ln(1 - release_u)))::int as release_index
                from (select *, birth + floor(least(pg_temp.size('days') - birth, life) * power(when_u, 0.8))::int as day
                    from scale_crash) q
            ) c
            join (select row_number() over (order by id) - 1 as place, id, name, hardware from device) d
                on d.place = case when only_place is null then drawn else drawn - drawn % 20 + only_place end;
            drop table scale_crash;

            insert into crash (id, project_id, sender, sha256, size, claims, captured_at, received_at, effective_at, state,
                processed_at, device_id, release_id, hardware, build_id, reason, fault, fingerprint, variant_id)
            select uuidv7(c.at - now()), k.project_id, c.device, encode(sha256(int8send(c.n)), 'hex'), 4096, '{}', c.at, c.at, c.at,
                case when p.rank % 50 = 7 then 'needs-symbols' else 'processed' end, c.at,
                c.device_id, r.first + c.release_index, c.hardware, encode(sha256(int4send(c.release_index)), 'hex'), k.reason,
                'Something went wrong in ' || m.name,
                jsonb_build_object('algorithm', 1, 'rules', 'scale', 'software', 'main-fw', 'reason', k.reason,
                    'signature', k.signature, 'k1', '', 'k3', '', 'k8', '', 'provisional', false, 'needsSymbols', false,
                    'place', m.module || '.c:' || 20 + p.f0 % 400, 'frames', '[]'::jsonb, 'notes', '[]'::jsonb), c.variant_id
            from scale_sorted c
            join cluster_plan p on p.rank = c.rank
            join cluster k on k.id = p.cluster_id
            join name m on m.n = p.f0
            cross join (select min(id) as first from release) r
            order by c.at;
            drop table scale_sorted;
            """;

    static final String COUNTERS = """
            insert into variant_day
            select variant_id, release_id, hardware, (effective_at at time zone 'UTC')::date, count(*)
            from crash where variant_id is not null group by 1, 2, 3, 4;
            insert into variant_device
            select variant_id, release_id, device_id, hardware, (effective_at at time zone 'UTC')::date, count(*)
            from crash where variant_id is not null and device_id is not null group by 1, 2, 3, 4, 5;
            """;
}
