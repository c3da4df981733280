-- Companies, the people and keys that act for them, artifacts, jobs, and the event log.

create table companies (
    id          text primary key,
    name        text not null,
    created_at  timestamptz not null
);

create table users (
    id             text primary key,
    company_id     text not null references companies (id),
    email          text not null,           -- lower case
    name           text not null,
    role           text not null,           -- owner | member | viewer
    password_hash  text not null,
    failed_logins  integer not null default 0,
    locked_until   timestamptz,
    created_at     timestamptz not null
);
create unique index ux_users_email on users (email);
create index ix_users_company_id on users (company_id);

create table sessions (
    id          text primary key,
    user_id     text not null references users (id) on delete cascade,
    company_id  text not null references companies (id),
    token_hash  bytea not null,             -- SHA-256 of the token
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    revoked_at  timestamptz
);
create unique index ux_sessions_token_hash on sessions (token_hash);
create index ix_sessions_user_id on sessions (user_id);

create table api_keys (
    id            text primary key,
    company_id    text not null references companies (id),
    user_id       text not null references users (id),
    name          text not null,
    prefix        text not null,            -- the part that may be shown again
    key_hash      bytea not null,           -- SHA-256 of the key
    scopes        text[] not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz,
    expires_at    timestamptz,
    revoked_at    timestamptz
);
create unique index ux_api_keys_key_hash on api_keys (key_hash);
create index ix_api_keys_company_id on api_keys (company_id);

create table s3_credentials (
    api_key_id          text primary key references api_keys (id) on delete cascade,
    company_id          text not null references companies (id),
    access_key_id       text not null,
    protected_secret    text not null,      -- encrypted by Data Protection
    protected_token     text,               -- likewise
    region              text not null,
    endpoint            text,               -- null: AWS
    created_at          timestamptz not null,
    updated_at          timestamptz not null
);

create table artifacts (
    id                 text primary key,
    company_id         text not null references companies (id),
    user_id            text references users (id),
    api_key_id         text references api_keys (id),
    name               text not null,
    file_name          text not null,
    type               text not null,
    status             text not null,
    upload_method      text not null,
    source             text not null,       -- upload | url | s3_path | temp_upload | fragments
    source_url         text,
    source_bucket      text,
    source_key         text,
    upload_expires_at  timestamptz,         -- set while a presigned PUT is awaited
    upload_checked_at  timestamptz,
    uploaded_at        timestamptz,         -- when the finished PUT was noticed
    s3_bucket          text not null,
    s3_key             text not null,
    attempt            integer not null default 1,
    progress           integer not null default 0,
    size_bytes         bigint,
    duration_seconds   double precision,
    content_type       text,
    hash               text,
    media              jsonb,
    joins              jsonb,
    error_code         text,
    error_message      text,
    metadata           jsonb,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    started_at         timestamptz,
    fetched_at         timestamptz,
    completed_at       timestamptz
);
-- Keyset pages of a company's list, newest first.
create index ix_artifacts_company_created on artifacts (company_id, created_at desc, id desc);
create index ix_artifacts_company_status on artifacts (company_id, status, created_at desc, id desc);
-- The sweep over uploads that are awaited, least recently checked first.
create index ix_artifacts_awaited on artifacts (upload_checked_at nulls first) where upload_expires_at is not null and uploaded_at is null and status = 'created';

create table fragments (
    artifact_id  text not null references artifacts (id) on delete cascade,
    position     integer not null,          -- place in the request's array
    url          text,
    s3_bucket    text,
    s3_key       text,
    start_time   double precision not null,
    in_point     double precision,
    out_point    double precision,
    primary key (artifact_id, position)
);

create table temp_uploads (
    id          text primary key,
    company_id  text not null references companies (id),
    s3_key      text not null,
    file_name   text not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null
);
create unique index ux_temp_uploads_s3_key on temp_uploads (s3_key);

create table jobs (
    id             text primary key,
    company_id     text not null references companies (id),
    kind           text not null,
    subject_id     text not null,
    version        integer not null,
    status         text not null,           -- queued | running | done | dead
    attempt        integer not null default 0,
    max_attempts   integer not null,
    run_after      timestamptz not null,
    dispatched_at  timestamptz,
    lease_token    text,
    lease_until    timestamptz,
    worker         text,
    last_error     text,
    trace_parent   text,
    created_at     timestamptz not null,
    updated_at     timestamptz not null
);
-- One open job for one thing: enqueueing twice is enqueueing once.
create unique index ux_jobs_open on jobs (kind, subject_id) where status in ('queued', 'running');
create index ix_jobs_queued on jobs (run_after) where status = 'queued';
create index ix_jobs_running on jobs (lease_until) where status = 'running';
create index ix_jobs_subject on jobs (subject_id);

-- The number of a company's last event. Its row is locked from the moment a transaction appends an event until it ends, so
-- numbers become visible in their own order: whoever has read up to n has missed nothing below n.
create table event_heads (
    company_id     text primary key references companies (id),
    last_sequence  bigint not null
);

create table events (
    company_id  text not null references companies (id),
    sequence    bigint not null,
    id          text not null,
    type        text not null,
    subject_id  text not null,
    object      jsonb not null,
    created_at  timestamptz not null,
    primary key (company_id, sequence)
);
create unique index ux_events_id on events (id);
create index ix_events_subject on events (company_id, subject_id, sequence);
create index ix_events_progress on events (created_at) where type like '%.progress';

create table data_protection_keys (
    id             bigint generated always as identity primary key,
    friendly_name  text not null,
    xml            text not null,           -- the key material in it is encrypted with the master key
    created_at     timestamptz not null
);
