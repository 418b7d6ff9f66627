-- What a gate tells of itself: webhooks, the posts to them, gates that are asked again and again, and what a kept run stood on.
-- Devices by release, for whoever asks what became of them.

-- who ran a release: those that fell silent on it, and those that went back
create index device_history_by_release on device_history (release_id, device_id, since);

-- Where to post when a gate's verdict changes.
create table webhook (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    name text not null,
    -- null: every gate of the project
    gate text,
    url text not null,
    -- AES-256-GCM: 12 bytes of nonce, then what was sealed, with project and name as what is authenticated too
    secret bytea not null,
    changed_at timestamptz not null,
    changed_by text not null,
    unique (project_id, name)
);

-- A post to a webhook: written with what it tells, gone out later.
create table webhook_delivery (
    id bigint generated always as identity primary key,
    project_id bigint not null references project,
    webhook_id bigint not null references webhook on delete cascade,
    -- the same for all webhooks that are told of one event
    event_id uuid not null,
    body text not null,
    created_at timestamptz not null,
    state text not null check (state in ('waiting', 'delivered', 'dead')),
    attempts int not null default 0,
    -- when it is tried next, or for a worker that died with it, tried again
    next_at timestamptz,
    -- retries end then
    give_up_at timestamptz not null,
    status int,
    error text,
    ended_at timestamptz
);
create index webhook_delivery_due on webhook_delivery (next_at) where state = 'waiting';
create index webhook_delivery_by_project on webhook_delivery (project_id, id);
create index webhook_delivery_by_webhook on webhook_delivery (webhook_id);
create index webhook_delivery_ended on webhook_delivery (ended_at) where ended_at is not null;

-- What holds of a release by a gate. Whoever changes it tells the webhooks.
create table gate_standing (
    project_id bigint not null references project,
    gate text not null,
    software text not null,
    candidate text not null,
    -- of the last run that was kept
    said text not null check (said in ('GO', 'NO_GO', 'PAUSE', 'INSUFFICIENT')),
    -- the same, but for a person's word against it, which holds until something else is said
    verdict text not null check (verdict in ('GO', 'NO_GO', 'PAUSE', 'INSUFFICIENT')),
    run_id bigint not null references gate_run,
    asked_at timestamptz not null,
    primary key (project_id, gate, software, candidate)
);

-- Gates that are asked every few minutes.
create table gate_watch (
    project_id bigint not null references project,
    gate text not null,
    software text not null,
    -- null: the newest release that devices run
    candidate text,
    -- null: the policy's
    baseline text,
    set_at timestamptz not null,
    set_by text not null,
    asked_at timestamptz,
    -- what the last question came to where it was no verdict
    problem text,
    primary key (project_id, gate, software)
);
create index gate_watch_due on gate_watch (asked_at nulls first);

alter table gate_run
    -- device-hours of which source; null: of before it was told
    add column exposure_source text,
    -- whether the candidate contains the baseline, as it was then
    add column containment jsonb,
    -- what was known of both releases in the time that was judged: more that is known of it now came later
    add column judged_from timestamptz,
    add column judged_until timestamptz,
    add column judged_crashes bigint,
    add column judged_ms bigint;

-- What CI registered wrongly can be corrected; what was decided before names the revision that it was decided by.
alter table release add column revision int not null default 1;
create table release_correction (
    release_id bigint not null references release,
    -- the one that it made
    revision int not null,
    -- what held before
    parents text[] not null,
    corrected_at timestamptz not null,
    corrected_by text not null,
    because text not null,
    primary key (release_id, revision)
);

-- looked at again when something is registered
create index cluster_muted_until_release on cluster (project_id, software) where state = 'muted' and muted_until_release is not null;
