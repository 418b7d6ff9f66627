-- Clusters that may be one: which variants have frames in common, and what was suggested.

-- The dictionary of a project's normalised frames, with how many variants have each.
create table frame (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    -- SHA-256 of the name, its first half: names are long, and come from dumps
    hash text not null,
    variants int not null default 0,
    unique (project_id, hash)
);

-- The frames of a variant, innermost first; it is there once the variant was compared with the others.
create table variant_stack (
    variant_id bigint primary key references variant on delete cascade,
    frames bigint[] not null,
    -- the text of the failed check: two checks in one function are two bugs, however alike their stacks are
    assertion text
);

-- Which variants have a frame among their first ones.
create table variant_frame (
    frame_id bigint not null references frame,
    variant_id bigint not null references variant on delete cascade,
    primary key (frame_id, variant_id)
);

-- when it was compared with the others; null: not yet
alter table variant add column compared_at timestamptz;
create index variant_uncompared on variant (id) where compared_at is null;

-- Of variants, not clusters: what is merged or moved since is still right.
create table merge_suggestion (
    variant_id bigint not null references variant on delete cascade,
    other_variant_id bigint not null references variant on delete cascade,
    score double precision not null,
    because text not null,
    found_at timestamptz not null,
    primary key (variant_id, other_variant_id)
);

create index merge_suggestion_other on merge_suggestion (other_variant_id);

-- How a project has clusters compared.
create table similarity (
    project_id bigint primary key references project,
    -- that were compared, which is what the counts of frames are of
    variants bigint not null default 0,
    auto_join boolean not null default false,
    alpha double precision not null default 1,
    beta double precision not null default 1,
    gamma double precision not null default 1,
    tuned_at timestamptz,
    "right" double precision
);

-- A person said that clusters are not the same: an edit that moves nothing and keeps apart.
alter table cluster_edit drop constraint cluster_edit_kind_check;
alter table cluster_edit add constraint cluster_edit_kind_check
    check (kind in ('merge', 'unmerge', 'split', 'move', 'apart', 'undo'));
