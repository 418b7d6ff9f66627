-- Releases as a graph: several parents, the commits that CI lists, the scheme that orders versions, and deleted releases that
-- keep their place.

alter table release
    -- versions it was made from, registered or not; a merge has several
    add column parents text[] not null default '{}',
    -- hidden from lists since then; what it is made from and what is made from it stays
    add column deleted_at timestamptz;
update release set parents = array[parent] where parent is not null;
alter table release drop column parent;
alter table release add column parent text generated always as (parents[1]) stored;

-- Commits that CI says are in a release, in lower case; they are compared whole.
create table release_commit (
    release_id bigint not null references release,
    commit_id text not null,
    primary key (release_id, commit_id)
);

-- How the versions of a software type are ordered: the last revision holds, those before tell what decided then. None: not at all.
create table software_scheme (
    project_id bigint not null references project,
    software text not null,
    revision int not null,
    scheme text not null check (scheme in ('semver', 'date', 'natural', 'none')),
    set_at timestamptz not null,
    set_by text not null,
    primary key (project_id, software, revision)
);

-- Software types of which something was said about the order since somebody looked at what waits for it.
create table release_news (
    project_id bigint not null references project,
    software text not null,
    primary key (project_id, software)
);

create index cluster_seen_again on cluster (project_id, software) where seen_again_in is not null;
