-- The first schema: projects, symbols, fleet, crashes with their queue, variants and clusters.
-- Blobs (coredumps, debug files, indexes) are files named by their SHA-256; rows only name them.

create table project (
    id bigint generated always as identity primary key,
    name text not null unique,
    created_at timestamptz not null default now()
);

insert into project (name) values ('default');

create table debug_file (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    build_id text not null,
    sha256 text not null,
    size bigint not null,
    file_name text,
    software text,
    version text,
    architecture text not null,
    -- usable, or no-debug-info with the reason in detail: the answer is kept, so nobody asks twice
    state text not null check (state in ('usable', 'no-debug-info')),
    detail text,
    quality jsonb not null,
    uploaded_at timestamptz not null,
    unique (project_id, build_id)
);

create index debug_file_by_content on debug_file (sha256);

create table device (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    name text not null,
    hardware text,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    unique (project_id, name)
);

create table release (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    software text not null,
    version text not null,
    -- of its first crash; null: registered and quiet so far
    first_seen timestamptz,
    -- what CI said; null: nobody registered it, so its place among the others is unknown
    registered_at timestamptz,
    branch text,
    parent text,
    commit_id text,
    unique (project_id, software, version)
);

create table cluster (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    signature text not null,
    reason text not null,
    software text,
    -- a person's name for it, beside the signature
    title text,
    state text not null default 'open' check (state in ('open', 'resolved')),
    -- where its last crash went: an emptied cluster's address leads there
    moved_to bigint references cluster,
    created_at timestamptz not null
);

create index cluster_by_project on cluster (project_id, id);

create table variant (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    cluster_id bigint not null references cluster,
    algorithm int not null,
    -- keys of the top 1, the top 3 and all (at most 8) relevant frames
    k1 text not null,
    k3 text not null,
    k8 text not null,
    signature text not null,
    reason text not null,
    software text,
    -- will change when symbols arrive, or is bound to one build because the stack says too little
    provisional boolean not null,
    -- provisional, and it is symbols that are missing
    needs_symbols boolean not null,
    -- normalised frames with their class and the rule that gave it, innermost first
    frames jsonb not null,
    -- why it is in its cluster, in words
    joined_because text not null,
    created_at timestamptz not null,
    unique (project_id, k8)
);

create index variant_by_cluster on variant (cluster_id);
create index variant_by_k3 on variant (project_id, k3);

create table crash (
    id uuid primary key,
    project_id bigint not null references project,
    -- the device as the upload named it, '' where only the dump knows; with the bytes' hash it makes a replay recognisable
    sender text not null,
    sha256 text not null,
    size bigint not null,
    -- what the upload said: device, hardware, software, version; null where it did not
    claims jsonb not null,
    log_sha256 text,
    attachment_sha256 text,
    captured_at timestamptz,
    received_at timestamptz not null,
    -- captured_at where it is believable, else received_at
    effective_at timestamptz not null,
    state text not null check (state in ('queued', 'processed', 'needs-symbols', 'quarantined')),
    state_reason text,
    processed_at timestamptz,
    device_id bigint references device,
    release_id bigint references release,
    hardware text,
    build_id text,
    reason text,
    -- the fault's sentence, for lists
    fault text,
    -- json, not jsonb: registers keep the architecture's order
    report json,
    fingerprint jsonb,
    variant_id bigint references variant,
    unique (project_id, sender, sha256)
);

create index crash_by_time on crash (project_id, effective_at desc, id desc);
create index crash_by_variant on crash (variant_id, effective_at desc, id desc);
create index crash_by_device on crash (device_id, effective_at desc);
create index crash_by_build on crash (project_id, build_id);
-- for the sweep of blobs that nobody names
create index crash_by_coredump on crash (sha256);
create index crash_by_log on crash (log_sha256) where log_sha256 is not null;
create index crash_by_attachment on crash (attachment_sha256) where attachment_sha256 is not null;
create index crash_waiting on crash (project_id, state) where state in ('queued', 'needs-symbols', 'quarantined');

-- build ids a crash waits for; gone once it has them
create table crash_missing_symbols (
    crash_id uuid not null references crash on delete cascade,
    project_id bigint not null references project,
    build_id text not null,
    primary key (crash_id, build_id)
);

create index missing_symbols_by_build on crash_missing_symbols (project_id, build_id);

create table job (
    crash_id uuid primary key references crash on delete cascade,
    priority smallint not null,
    attempts int not null default 0,
    run_at timestamptz not null,
    -- whose it is at the moment; who finds another lease here was too slow and writes nothing
    lease uuid,
    leased_until timestamptz,
    last_error text
);

create index job_next on job (priority, run_at);

-- Counters per variant, so that merge and split move rows and lose nothing. A null release or device is one that neither
-- dump nor upload named. Both always equal a recount of the crashes.
create table variant_day (
    variant_id bigint not null references variant on delete cascade,
    release_id bigint references release,
    hardware text not null,
    -- UTC day of effective_at
    day date not null,
    crashes int not null check (crashes > 0),
    unique nulls not distinct (variant_id, release_id, hardware, day)
);

create table variant_device (
    variant_id bigint not null references variant on delete cascade,
    release_id bigint references release,
    device_id bigint not null references device,
    hardware text not null,
    day date not null,
    crashes int not null check (crashes > 0),
    unique nulls not distinct (variant_id, release_id, device_id, hardware, day)
);

create index variant_day_by_release on variant_day (release_id);
create index variant_device_by_release on variant_device (release_id);
