-- Files that together give the symbols of a build: an image, its debug file, and what these refer to.

-- Each stored file, and what it is among them.
create table symbol_file (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    sha256 text not null,
    size bigint not null,
    file_name text,
    software text,
    version text,
    -- null: it came before this table; its bytes say it when its index is built
    role text check (role in ('whole', 'image', 'debug-file', 'alternate', 'dwo', 'dwp')),
    -- of images and debug files: the build that it is of
    build_id text,
    uploaded_at timestamptz not null,
    unique (project_id, sha256)
);

create index symbol_file_by_content on symbol_file (sha256);
create index symbol_file_by_build on symbol_file (project_id, build_id) where build_id is not null;

-- What others want a file by: build ids, crc32:<checksum> of a debug file without one, numbers of split units.
create table symbol_key (
    file_id bigint not null references symbol_file on delete cascade,
    project_id bigint not null references project,
    key text not null,
    primary key (file_id, key)
);

create index symbol_key_by_key on symbol_key (project_id, key);

-- What a file refers to, in its order, whether it is here or not.
create table symbol_want (
    file_id bigint not null references symbol_file on delete cascade,
    place int not null,
    project_id bigint not null references project,
    role text not null check (role in ('image', 'debug-file', 'alternate', 'dwo')),
    key text not null,
    -- as the file names it; '' where it does not
    name text not null,
    directory text not null,
    primary key (file_id, place)
);

create index symbol_want_by_key on symbol_want (project_id, key);

-- Builds whose files changed and whose index is to be built. Written with the files, deleted with the catalogue's entry: a
-- service that is killed in between builds it at its next start.
create table index_due (
    project_id bigint not null references project,
    build_id text not null,
    -- grows with every change: what was built from fewer files is not the end of it
    change bigint not null default 1,
    attempts int not null default 0,
    run_at timestamptz not null,
    last_error text,
    primary key (project_id, build_id)
);

create index index_due_next on index_due (run_at);

-- The files that the index is made of: [{"role", "sha256"}]; its name among the indexes follows from them.
alter table debug_file add column files jsonb;
alter table debug_file add column index_key text;
update debug_file set index_key = sha256, files = jsonb_build_array(jsonb_build_object('role', 'whole', 'sha256', sha256));
alter table debug_file alter column files set not null;
alter table debug_file alter column index_key set not null;
create index debug_file_by_index on debug_file (index_key);

insert into symbol_file (project_id, sha256, size, file_name, software, version, build_id, uploaded_at)
select project_id, sha256, size, file_name, software, version, build_id, uploaded_at from debug_file order by id
on conflict do nothing;

insert into index_due (project_id, build_id, run_at)
select project_id, build_id, now() from debug_file;

-- The images of a crash, so that better symbols of any of them have it processed again.
create table crash_module (
    crash_id uuid not null references crash on delete cascade,
    project_id bigint not null references project,
    build_id text not null,
    primary key (crash_id, build_id)
);

create index crash_module_by_build on crash_module (project_id, build_id);

insert into crash_module (crash_id, project_id, build_id)
select distinct c.id, c.project_id, m->>'buildId'
from crash c cross join lateral json_array_elements(c.report->'modules') m
where json_typeof(c.report->'modules') = 'array' and m->>'buildId' is not null
on conflict do nothing;
