-- Gates: what a project holds its releases to, and what was said of them.

create table gate (
    project_id bigint not null references project,
    name text not null,
    -- YAML, as it was written
    policy text not null,
    changed_at timestamptz not null,
    changed_by text not null,
    primary key (project_id, name)
);

-- Rows are added, never changed, but for the override.
create table gate_run (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    gate text not null,
    software text not null,
    baseline text not null,
    candidate text not null,
    asked_at timestamptz not null,
    asked_by text not null,
    -- in full, as it held then
    policy text not null,
    verdict text not null check (verdict in ('GO', 'NO_GO', 'PAUSE', 'INSUFFICIENT')),
    decision jsonb not null,
    -- crashes of the candidate that wait for symbols: what looks fixed or absent may be among them
    needs_symbols int not null,
    overridden_at timestamptz,
    overridden_by text,
    overridden_because text
);
create index gate_run_by_project on gate_run (project_id, gate, id);

create index crash_at_start on crash (release_id, device_id) where at_start;
