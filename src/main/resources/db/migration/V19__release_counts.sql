-- Counts by release, coarser times for lists, and variants whose crashes are counted elsewhere later on.

set local work_mem to '256MB';
set local maintenance_work_mem to '256MB';

-- The first day of the stretch of so many days that a day is in; stretches follow each other from 1970 on.
create function stretch(day date, days int) returns date immutable parallel safe language sql
return day - mod(mod(day - date '1970-01-01', days) + days, days);

-- Variants that an edit moved, while their crashes are counted where they were before.
create table variant_moved (
    id bigint generated always as identity primary key,
    project_id bigint not null,
    variant_id bigint not null
);
create index variant_moved_by_project on variant_moved (project_id, id);

-- days: 0 for all of it, else how many days from day on. Stretches of more than a day are kept of any release only: whoever wants
-- all since a day takes single days up to a stretch of 4, those up to one of 16, and so on, the last ones without end. devices:
-- of all time the devices there are; of a stretch those for which it is the last one, so that the devices since a day are a sum,
-- and exact. device_days: on how many days devices crashed, each device for itself.
create table cluster_count_next (
    project_id bigint not null,
    release_id bigint,
    hardware text,
    days smallint not null check (days in (0, 1, 4, 16, 64)),
    day date,
    cluster_id bigint not null,
    crashes int not null,
    devices int not null,
    device_days int not null
);

insert into cluster_count_next
select k.project_id, c.release_id, c.hardware, c.days, c.day, c.cluster_id, sum(c.crashes), sum(c.devices), sum(c.device_days)
from (
    select cluster_id, release_id, hardware, days, day, crashes, devices, 0 as device_days
    from cluster_count where days <= 1
    union all
    select cluster_id, release_id, hardware, 1 - grouping(day) as days, day, 0, 0, count(*)
    from (
        select cluster_id, release_id, hardware, day
        from tally where device_id <> 0
        group by cluster_id, device_id, day, grouping sets ((), (release_id), (hardware), (release_id, hardware))
    ) d
    group by cluster_id, release_id, hardware, grouping sets ((), (day))
) c
join cluster k on k.id = c.cluster_id
group by k.project_id, c.release_id, c.hardware, c.days, c.day, c.cluster_id;

insert into cluster_count_next
select c.project_id, null, c.hardware, s.days, stretch(c.day, s.days), c.cluster_id, sum(c.crashes), sum(c.devices), sum(c.device_days)
from cluster_count_next c cross join (values (4), (16), (64)) s (days)
where c.release_id is null and c.days = 1
group by c.project_id, c.hardware, s.days, stretch(c.day, s.days), c.cluster_id;

drop table cluster_count;
alter table cluster_count_next rename to cluster_count;

-- one filter of a list is one range of this index
create unique index cluster_count_ranked on cluster_count (project_id, release_id, hardware, days, day, cluster_id)
    include (crashes, devices, device_days) nulls not distinct;
create index cluster_count_by_cluster on cluster_count (cluster_id, days, release_id, hardware, day);
-- the planner would take release, revision and time to be independent
create statistics cluster_count_scopes (mcv) on release_id, hardware, days from cluster_count;
create index cluster_count_emptied on cluster_count (cluster_id) where crashes = 0;
-- lists read indexes alone, as long as their pages are known to have no dead rows
alter table cluster_count set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);

-- whether the stack of one of its variants says enough
alter table cluster_total add column complete boolean not null default false;
update cluster_total k set complete = true
where exists (select from variant_total t where t.cluster_id = k.cluster_id and not t.provisional);

-- Devices that crashed, per known release.
create table crashed_day (
    release_id bigint not null,
    device_id bigint not null,
    day date not null,
    hardware text not null,
    crashes int not null,
    -- those of them whose stack says too little
    unsymbolicated int not null
);

-- Per known release, for one hardware revision or any (null) and one day or all time (null).
create table release_count (
    project_id bigint not null,
    release_id bigint not null,
    hardware text,
    day date,
    crashes int not null,
    -- of no device
    unnamed int not null,
    -- one a device, cluster and day
    counted int not null,
    devices int not null,
    device_days int not null,
    -- device_days with a crash whose stack says too little
    unsymbolicated int not null,
    -- crashes of which the time since the boot is known, and those within a minute of it
    timed int not null,
    at_start int not null
);

-- as counted so far: what waits in crash_counted is added later
create temporary table counted on commit drop as
select coalesce(c.release_id, 0) as release_id, coalesce(c.device_id, 0) as device_id, v.project_id,
    (c.effective_at at time zone 'UTC')::date as day, coalesce(c.hardware, '') as hardware, v.provisional, c.at_start, 1 as crashes
from crash c join variant v on v.id = c.variant_id where c.release_id is not null
union all
select w.release_id, w.device_id, v.project_id, w.day, w.hardware, v.provisional, w.at_start, -w.crashes
from crash_counted w join variant v on v.id = w.variant_id where w.release_id <> 0;

insert into crashed_day
select release_id, device_id, day, hardware, sum(crashes), coalesce(sum(crashes) filter (where provisional), 0)
from counted where device_id <> 0
group by 1, 2, 3, 4
having sum(crashes) <> 0;

insert into release_count
select r.project_id, c.release_id, c.hardware, c.day, sum(c.crashes), sum(c.unnamed), sum(c.counted), sum(c.devices),
    sum(c.device_days), sum(c.unsymbolicated), sum(c.timed), sum(c.at_start)
from (
    select release_id, hardware, day, sum(crashes) as crashes, sum(crashes) filter (where device_id = 0) as unnamed,
        0 as counted, 0 as devices, 0 as device_days, 0 as unsymbolicated,
        sum(crashes) filter (where at_start is not null) as timed, sum(crashes) filter (where at_start) as at_start
    from counted group by release_id, grouping sets ((), (hardware)), grouping sets ((), (day))
    union all
    select release_id, hardware, day, 0, 0, device_days, 0, 0, 0, 0, 0
    from cluster_count where release_id <> 0 and days <= 1
    union all
    select release_id, hardware, day, 0, 0, 0, case when grouping(day) = 0 then count(*) else 0 end, count(*),
        count(*) filter (where unsymbolicated), 0, 0
    from (
        select release_id, hardware, day, bool_or(unsymbolicated > 0) as unsymbolicated
        from crashed_day group by release_id, device_id, day, grouping sets ((), (hardware))
    ) d
    group by release_id, hardware, grouping sets ((), (day))
    union all
    select release_id, hardware, null, 0, 0, 0, count(*), 0, 0, 0, 0
    from (
        select release_id, hardware from crashed_day group by release_id, device_id, grouping sets ((), (hardware))
    ) d
    group by release_id, hardware
) c
join release r on r.id = c.release_id
group by r.project_id, c.release_id, c.hardware, c.day
having sum(c.crashes) <> 0;

alter table crashed_day add primary key (release_id, device_id, day, hardware);
create index crashed_day_emptied on crashed_day (release_id) where crashes = 0;
create unique index release_count_once on release_count (release_id, hardware, day) nulls not distinct;

analyze cluster_count, cluster_total, crashed_day, release_count;
