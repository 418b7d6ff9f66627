-- What fingerprints are made of, so that all crashes can be grouped again without their reports.

-- The crashed stack as a report has it, once for all crashes that have it: crashes of one build at one place share it.
create table stack (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    -- of input
    sha256 text not null,
    -- the part of a report that a fingerprint is made of, whatever the rules are; json, not jsonb: nobody asks for members
    input json not null,
    unique (project_id, sha256)
);

-- null: from before this table, until a job has read the crash's report
alter table crash add column stack_id bigint references stack;
create index crash_by_stack on crash (project_id, stack_id, variant_id);
create index crash_without_stack on crash (project_id, effective_at, id)
    where stack_id is null and variant_id is not null and report is not null;

-- While a job moves crashes: the k3 that most of the variant's crashes had before. What is half moved is one thing still.
alter table variant add column origin_k3 text;
create index variant_half_moved on variant (project_id) where origin_k3 is not null;

-- Jobs that group all crashes of a project again.
create table regroup (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    dry_run boolean not null,
    state text not null check (state in ('queued', 'running', 'done', 'failed')),
    asked_at timestamptz not null,
    asked_by text not null,
    started_at timestamptz,
    finished_at timestamptz,
    -- version of the rules that it groups by, packs and project; null until it began
    rules text,
    -- what it does at the moment, and how far it is
    step text,
    steps_done bigint not null default 0,
    steps_all bigint not null default 0,
    -- counts of before and after; null until they are known
    result jsonb,
    -- crashes that stay in their variant, once the new variants are there, and by which rules: who goes on after a kill only moves
    laid jsonb,
    laid_by text,
    error text,
    -- whose it is at the moment; who finds another lease here ends without another word
    lease uuid,
    leased_until timestamptz
);

-- one at a time
create unique index regroup_at_work on regroup (project_id) where state in ('queued', 'running');
create index regroup_by_project on regroup (project_id, id);

-- What a job changes, or would: most crashes first in each kind, only so many.
create table regroup_change (
    regroup_id bigint not null references regroup on delete cascade,
    place int not null,
    change jsonb not null,
    primary key (regroup_id, place)
);
