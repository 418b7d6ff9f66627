-- Heartbeats: what devices report while they work, and what follows from it: who runs what since when, hours of operation, active
-- devices and metrics. Whoever stores a heartbeat appends it to heartbeat_waiting; one at a time per project, somebody takes those
-- rows out and adds them to the roll-ups. Waiting rows and roll-ups together always equal a recount of the heartbeats.

alter table device
    -- the time of the word that named the hardware
    add column hardware_at timestamptz,
    -- what the last heartbeat said; null: there was none
    add column beat_at timestamptz,
    add column beat_boot text,
    add column beat_sequence bigint,
    add column release_id bigint references release,
    add column cohort text,
    -- all that the last heartbeat with attributes had
    add column attributes jsonb,
    add column attributes_at timestamptz,
    -- how many heartbeats came on the UTC day that one came last
    add column beats_on date,
    add column beats int not null default 0;
update device set hardware_at = last_seen where hardware is not null;
-- each heartbeat of a device writes its row: with room left, that touches no index
alter table device set (fillfactor = 70);

-- A heartbeat, in the partition of its UTC day.
create table heartbeat (
    id bigint generated always as identity,
    project_id bigint not null,
    device_id bigint not null,
    release_id bigint not null,
    -- '' where it does not say, here and below
    hardware text not null,
    cohort text not null,
    -- the device's clock where it is believable, else received_at; whole milliseconds
    at timestamptz not null,
    received_at timestamptz not null,
    boot text not null,
    sequence bigint not null,
    uptime_ms bigint,
    -- what it covers, up to at; null: a sign of life only
    interval_ms bigint,
    crash_free_ms bigint,
    -- reason to count
    reboots jsonb,
    -- name to number
    metrics jsonb
) partition by range (at);
create index heartbeat_by_device on heartbeat (device_id, at);
-- hours of operation of those that do not say them are the time between their signs of life
create index heartbeat_contact on heartbeat (release_id, device_id, at) where interval_ms is null;

-- Which heartbeats of a device's start there were: those that come again change nothing. Kept for a month after the last one.
create table heartbeat_seen (
    device_id bigint not null,
    boot text not null,
    sequences int8multirange not null,
    last_received timestamptz not null,
    primary key (device_id, boot)
);
create index heartbeat_seen_old on heartbeat_seen (last_received);

create table heartbeat_waiting (
    id bigint generated always as identity primary key,
    project_id bigint not null,
    heartbeat_id bigint not null,
    device_id bigint not null,
    at timestamptz not null
);
create index heartbeat_waiting_by_project on heartbeat_waiting (project_id, id);

-- One row for each change of what a device reports, per software type.
create table device_history (
    device_id bigint not null,
    software text not null,
    since timestamptz not null,
    release_id bigint not null,
    hardware text not null,
    cohort text not null,
    primary key (device_id, software, since)
);

-- Milliseconds of operation in an hour; crash_free_ms are those of them without a crash or unexpected reboot.
create table exposure_hour (
    project_id bigint not null,
    release_id bigint not null,
    hardware text not null,
    cohort text not null,
    hour timestamptz not null,
    operated_ms bigint not null,
    crash_free_ms bigint not null,
    primary key (release_id, hour, hardware, cohort)
);

-- What a device reported last on a UTC day, per software type.
create table device_day (
    project_id bigint not null,
    device_id bigint not null,
    software text not null,
    day date not null,
    release_id bigint not null,
    hardware text not null,
    cohort text not null,
    at timestamptz not null,
    boot text not null,
    sequence bigint not null,
    primary key (device_id, software, day)
) partition by range (day);
create index device_day_by_release on device_day (release_id, day, hardware, cohort, device_id);

-- How many devices reported this last on a UTC day: device_day, counted.
create table active_day (
    project_id bigint not null,
    release_id bigint not null,
    hardware text not null,
    cohort text not null,
    day date not null,
    devices int not null,
    primary key (release_id, day, hardware, cohort)
);

-- Names of metrics and, as reboot.REASON, of reasons for reboots; how many a project may have is limited.
create table metric_name (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    name text not null,
    unique (project_id, name)
);

-- Enough for mean and interval by release; the day is that of the heartbeat.
create table metric_day (
    metric_id bigint not null references metric_name,
    release_id bigint not null,
    hardware text not null,
    cohort text not null,
    day date not null,
    count bigint not null,
    sum float8 not null,
    squares float8 not null,
    least float8 not null,
    greatest float8 not null,
    primary key (metric_id, release_id, day, hardware, cohort)
);
