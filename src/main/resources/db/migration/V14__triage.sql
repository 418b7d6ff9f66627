-- Triage: where people are with a cluster, who has it, what was said, and what its crashes since then say about that.

alter table cluster drop constraint cluster_state_check;
alter table cluster
    add constraint cluster_state_check check (state in ('open', 'resolved', 'muted')),
    -- since when; null: open since its first crash
    add column state_at timestamptz,
    -- of a resolved one: the version that has the fix; null: nobody said
    add column resolved_in text,
    -- of an open one: it was resolved, and crashed in this version, which has the fix
    add column regressed_in text,
    -- of a resolved one: it crashed in this version, '' where the crash named none, and nobody knows if that has the fix
    add column seen_again_in text,
    -- of a muted one: what opens it again, whichever comes first
    add column muted_until_release text,
    add column muted_until_devices int,
    add column muted_until timestamptz,
    add column muted_until_crashes int,
    add column assignee text,
    add column ticket text,
    -- when it last crashed at a rate that its past does not explain
    add column escalating_at timestamptz;

create index cluster_muted on cluster (id)
    where state = 'muted' and (muted_until_devices is not null or muted_until is not null or muted_until_crashes is not null);
create index cluster_moved on cluster (moved_to) where moved_to is not null;
create index cluster_by_assignee on cluster (project_id, assignee) where assignee is not null;

-- What people said of a cluster and did with it, and what its crashes did to its state. Rows are added, never changed.
create table cluster_note (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    cluster_id bigint not null references cluster,
    at timestamptz not null,
    actor text not null,
    kind text not null check (kind in ('comment', 'title', 'assignee', 'ticket', 'opened', 'resolved', 'muted', 'unmuted',
        'regressed', 'seen-again')),
    text text not null
);

create index cluster_note_by_cluster on cluster_note (cluster_id, at, id);

-- Clusters whose state waits for a release, and the releases that they crashed in since somebody looked.
create table cluster_seen (
    cluster_id bigint not null,
    -- 0: the crash named none
    release_id bigint not null,
    -- one of the crashes is news; else they only came over from another cluster
    arrived boolean not null,
    primary key (cluster_id, release_id)
);

-- which crash is news
alter table crash_counted add column arrived boolean not null default false;

-- How bad one crash is beside another, by what it says of the device: 2 where memory or control was lost, so that anything may
-- follow; 0.5 where the supply failed and not the software; else 1.
--
-- Twice as bad where half of those of which it is known crashed within a minute of their start: such a device may never come to
-- an update.
create function severity(reason text, at_start bigint, timed bigint) returns float8 immutable parallel safe
    return case when at_start > 0 and at_start * 2 >= timed then 2 else 1 end * case
        when reason in ('bad-access', 'bad-jump', 'undef-instr', 'bus-imprecise', 'bus-precise', 'stack-overflow', 'oops') then 2
        when reason = 'brownout' then 0.5
        else 1
    end;

-- within a minute of its boot; null: nobody knows, as of all crashes of before
alter table crash add column at_start boolean;
alter table crash_counted add column at_start boolean;

-- timed: crashes of which it is known how long after the boot they were
alter table variant_total add column timed int not null default 0, add column at_start int not null default 0;
create index variant_total_timed on variant_total (cluster_id) include (timed, at_start) where timed > 0;
alter table cluster_total
    add column timed int not null default 0,
    add column at_start int not null default 0,
    add column severity float8 not null default 1;
update cluster_total t set severity = severity(k.reason, 0, 0)
from cluster k where k.id = t.cluster_id and severity(k.reason, 0, 0) <> 1;

drop index cluster_total_impact;
create index cluster_total_impact on cluster_total (project_id, (ln(greatest(devices, 1)::float8) / ln(2::float8)
    + ln(severity) / ln(2::float8) + extract(epoch from last_at at time zone 'UTC')::float8 / 1209600), cluster_id);
