-- A project's own rules about frames, asked before the packs that come with the service. One row a project: they are read and
-- written as a whole, since the first rule that fits decides.
create table project_rules (
    project_id bigint primary key references project,
    -- kept with every fingerprint that they made
    version int not null check (version > 0),
    rules jsonb not null,
    changed_at timestamptz not null,
    changed_by text not null
);
