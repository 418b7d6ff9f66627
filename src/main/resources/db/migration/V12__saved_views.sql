-- Searches over clusters that a team keeps under a name.
create table saved_view (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    name text not null,
    -- in the search language of the cluster list
    query text not null,
    sort text not null,
    created_at timestamptz not null,
    created_by text not null,
    unique (project_id, name)
);
