-- What people did with clusters: merged, split, moved, and took back. Rows are added, never changed, but for undone_by.

create table cluster_edit (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    at timestamptz not null,
    actor text not null,
    kind text not null check (kind in ('merge', 'unmerge', 'split', 'move', 'undo')),
    -- of unmerge and undo: the edit that they take back
    undoes bigint references cluster_edit,
    -- null: in force
    undone_by bigint references cluster_edit,
    check ((undoes is not null) = (kind in ('unmerge', 'undo')))
);

-- The variants that an edit moved, and why each was where it was, so that it can go back.
create table cluster_edit_variant (
    edit_id bigint not null references cluster_edit,
    variant_id bigint not null references variant on delete cascade,
    from_cluster bigint not null references cluster,
    to_cluster bigint not null references cluster,
    joined_because text not null,
    joined_by bigint references cluster_edit,
    primary key (edit_id, variant_id)
);

create index cluster_edit_by_source on cluster_edit_variant (from_cluster, edit_id);
create index cluster_edit_by_target on cluster_edit_variant (to_cluster, edit_id);

-- Must not link: two variants of one edit on different sides. Sides, not pairs: a thousand beside a thousand are two
-- thousand rows.
create table variant_apart (
    edit_id bigint not null references cluster_edit,
    variant_id bigint not null references variant on delete cascade,
    side bigint not null,
    primary key (edit_id, variant_id)
);

create index variant_apart_by_variant on variant_apart (variant_id);

-- What a merge taught: new variants with these top frames join the merged cluster.
create table cluster_link (
    edit_id bigint not null references cluster_edit,
    project_id bigint not null references project,
    k3 text not null,
    from_cluster bigint not null references cluster,
    to_cluster bigint not null references cluster,
    primary key (edit_id, k3)
);

create index cluster_link_by_k3 on cluster_link (project_id, k3);

-- The merge whose rule a variant joined by; it leaves with that merge.
alter table variant add column joined_by bigint references cluster_edit;
create index variant_by_joined on variant (joined_by) where joined_by is not null;
