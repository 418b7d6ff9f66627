-- Roll-ups: what lists of clusters rank, filter and show, so that no list reads crashes. Whoever counts a crash appends what
-- changed to crash_counted; one at a time per project, somebody takes those rows out and adds them here. Together the rows that
-- wait there and the roll-ups always equal a recount of the crashes.

-- millions of crashes are sorted below
set local work_mem to '96MB';
set local maintenance_work_mem to '256MB';

create table crash_counted (
    id bigint generated always as identity primary key,
    project_id bigint not null,
    variant_id bigint not null,
    -- 0: neither dump nor upload named one, here and below
    device_id bigint not null,
    release_id bigint not null,
    hardware text not null,
    -- UTC day of effective_at, here and below
    day date not null,
    -- 1: counted, -1: taken out
    crashes smallint not null check (crashes in (1, -1))
);

create index crash_counted_by_project on crash_counted (project_id, id);

-- The finest counts; all the others are sums of these.
create table tally (
    cluster_id bigint not null,
    device_id bigint not null,
    variant_id bigint not null,
    release_id bigint not null,
    hardware text not null,
    day date not null,
    crashes int not null
);

-- Per cluster, for one release or any (null), one hardware revision or any, and a time: days is 0 for all of it, else how many
-- days from day on; weeks (7, from Monday on) are kept of any release on any revision only. devices: of all time the devices
-- there are; of a day or week those for which it is the last one, so that the devices since a day are a sum, and exact.
create table cluster_count (
    project_id bigint not null,
    release_id bigint,
    hardware text,
    days smallint not null check (days in (0, 1, 7)),
    day date,
    cluster_id bigint not null,
    crashes int not null,
    devices int not null
);

-- Variants that have crashes.
create table variant_total (
    variant_id bigint primary key,
    project_id bigint not null,
    cluster_id bigint not null,
    provisional boolean not null,
    needs_symbols boolean not null,
    crashes int not null,
    devices int not null,
    first_at timestamptz,
    first_crash uuid,
    last_at timestamptz,
    last_crash uuid
);

-- Clusters that have crashes; the counts are those of cluster_count for any release and revision and all time, here for
-- orders by index.
create table cluster_total (
    cluster_id bigint primary key,
    project_id bigint not null,
    crashes int not null,
    devices int not null,
    first_at timestamptz not null,
    first_crash uuid not null,
    last_at timestamptz not null,
    last_crash uuid not null
);

create table function_name (
    id bigint generated always as identity primary key,
    project_id bigint not null,
    -- its first 500 characters, which an index takes
    name text not null
);

-- In how many variants of a cluster, of those that have crashes, a function is.
create table cluster_function (
    function_id bigint not null,
    cluster_id bigint not null,
    variants int not null
);

insert into tally
select v.cluster_id, coalesce(c.device_id, 0), v.id, coalesce(c.release_id, 0), coalesce(c.hardware, ''),
    (c.effective_at at time zone 'UTC')::date, count(*)
from crash c join variant v on v.id = c.variant_id
group by 1, 2, 3, 4, 5, 6;

insert into cluster_count
select k.project_id, c.release_id, c.hardware, c.days, c.day, c.cluster_id, sum(c.crashes), sum(c.devices)
from (
    select cluster_id, release_id, hardware, 1 - grouping(day) as days, day, sum(crashes) as crashes, 0 as devices
    from tally
    group by cluster_id, grouping sets ((), (release_id), (hardware), (release_id, hardware)), grouping sets ((), (day))
    union all
    select cluster_id, release_id, hardware, 1 - grouping(last_day), last_day, 0, count(*)
    from (
        select cluster_id, release_id, hardware, max(day) as last_day
        from tally where device_id <> 0
        group by cluster_id, device_id, grouping sets ((), (release_id), (hardware), (release_id, hardware))
    ) d
    group by cluster_id, release_id, hardware, grouping sets ((), (last_day))
) c
join cluster k on k.id = c.cluster_id
group by k.project_id, c.release_id, c.hardware, c.days, c.day, c.cluster_id;

insert into cluster_count
select project_id, null, null, 7, date_trunc('week', day), cluster_id, sum(crashes), sum(devices)
from cluster_count
where release_id is null and hardware is null and days = 1
group by project_id, date_trunc('week', day), cluster_id;

insert into variant_total
select v.id, v.project_id, v.cluster_id, v.provisional, v.needs_symbols, t.crashes, t.devices,
    o.effective_at, o.id, n.effective_at, n.id
from (
    select variant_id, sum(crashes) as crashes, count(distinct device_id) filter (where device_id <> 0) as devices
    from tally group by variant_id
) t
join variant v on v.id = t.variant_id
cross join lateral (select id, effective_at from crash where variant_id = v.id order by effective_at, id limit 1) o
cross join lateral (
    select id, effective_at from crash where variant_id = v.id order by effective_at desc, id desc limit 1
) n;

insert into cluster_total
select o.cluster_id, o.project_id, c.crashes, c.devices, o.first_at, o.first_crash, n.last_at, n.last_crash
from (
    select distinct on (cluster_id) cluster_id, project_id, first_at, first_crash
    from variant_total order by cluster_id, first_at, first_crash
) o
join (
    select distinct on (cluster_id) cluster_id, last_at, last_crash
    from variant_total order by cluster_id, last_at desc, last_crash desc
) n on n.cluster_id = o.cluster_id
join cluster_count c on c.cluster_id = o.cluster_id and c.release_id is null and c.hardware is null and c.days = 0;

insert into function_name (project_id, name)
select distinct v.project_id, left(f ->> 'name', 500)
from variant v cross join lateral jsonb_array_elements(v.frames) f where f ->> 'name' is not null;

insert into cluster_function
select n.id, t.cluster_id, count(distinct v.id)
from variant_total t join variant v on v.id = t.variant_id cross join lateral jsonb_array_elements(v.frames) f
join function_name n on n.project_id = v.project_id and n.name = left(f ->> 'name', 500)
group by 1, 2;

alter table tally add primary key (cluster_id, device_id, variant_id, release_id, hardware, day);
create index tally_by_variant on tally (variant_id);
create index tally_emptied on tally (cluster_id) where crashes = 0;

create index device_by_hardware on device (project_id, hardware);
create index crash_by_release on crash (release_id, effective_at desc, id desc);
create index crash_unread on crash (project_id, effective_at desc, id desc) where variant_id is null;

-- one filter of a list is one range of this index
create unique index cluster_count_ranked on cluster_count (project_id, release_id, hardware, days, day, cluster_id)
    include (crashes, devices) nulls not distinct;
create index cluster_count_by_cluster on cluster_count (cluster_id, days, release_id, hardware, day);
-- the planner would take release, revision and time to be independent
create statistics cluster_count_scopes (mcv) on release_id, hardware, days from cluster_count;
create index cluster_count_emptied on cluster_count (cluster_id) where crashes = 0;

create index variant_total_first on variant_total (cluster_id, first_at, first_crash);
create index variant_total_last on variant_total (cluster_id, last_at desc, last_crash desc);
create index variant_total_most on variant_total (cluster_id, crashes desc, variant_id);
create index variant_total_provisional on variant_total (cluster_id) where provisional;
create index variant_total_needs_symbols on variant_total (cluster_id) where needs_symbols;

-- the keys of the list's orders
create index cluster_total_impact on cluster_total (project_id, (ln(greatest(devices, 1)::float8) / ln(2::float8)
    + extract(epoch from last_at at time zone 'UTC')::float8 / 1209600), cluster_id);
create index cluster_total_devices on cluster_total (project_id, (devices::float8), cluster_id);
create index cluster_total_crashes on cluster_total (project_id, (crashes::float8), cluster_id);
create index cluster_total_first on cluster_total
    (project_id, (extract(epoch from first_at at time zone 'UTC')::float8), cluster_id);
create index cluster_total_last on cluster_total
    (project_id, (extract(epoch from last_at at time zone 'UTC')::float8), cluster_id);

create unique index function_name_once on function_name (project_id, name text_pattern_ops);
alter table cluster_function add primary key (function_id, cluster_id);
create index cluster_function_emptied on cluster_function (cluster_id) where variants = 0;

-- lists read indexes alone, as long as their pages are known to have no dead rows
alter table cluster_count set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);

analyze;
