-- Who may do what. Secrets are never here: tokens and sessions are known by the SHA-256 of theirs (random, 256 bits, so a
-- plain hash is enough), passwords by bcrypt.

create table token (
    id bigint generated always as identity primary key,
    -- project-key: in firmware, ingest only; api-token: people's scripts and CI
    kind text not null check (kind in ('project-key', 'api-token')),
    label text not null,
    sha256 text not null unique,
    -- null: every project, for admins only
    project_id bigint references project,
    scopes text[] not null,
    created_by text not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    -- within a minute
    last_used_at timestamptz,
    check (project_id is not null or 'admin' = any (scopes)),
    check (kind <> 'project-key' or scopes = '{ingest}')
);

create table account (
    id bigint generated always as identity primary key,
    name text not null unique,
    password_hash text not null,
    scopes text[] not null,
    created_at timestamptz not null
);

create table session (
    sha256 text primary key,
    account_id bigint not null references account on delete cascade,
    created_at timestamptz not null,
    -- within a minute
    last_seen_at timestamptz not null
);

create index session_by_account on session (account_id);

-- Log-ins that failed or are being checked, for the limit; rows live for its window only.
create table login_attempt (
    id bigint generated always as identity primary key,
    name text not null,
    -- an IPv4 address or an IPv6 /64
    network text not null,
    at timestamptz not null
);

create index login_attempt_by_network on login_attempt (network, at);
create index login_attempt_by_name on login_attempt (name, at);

create table audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    address text
);
