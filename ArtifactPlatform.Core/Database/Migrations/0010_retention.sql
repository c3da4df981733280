-- How long a company keeps what it no longer needs, artifacts that end by themselves, and deleted ones that can be taken back.

create table retention_settings (           -- no row: the defaults
    company_id              text primary key references companies (id),
    events_days             integer not null,
    deliveries_days         integer not null,
    failed_uploads_days     integer not null,
    deleted_artifacts_days  integer not null,   -- 0: removed at once
    updated_at              timestamptz not null
);

alter table artifacts
    add column expires_at  timestamptz;         -- deleted then by itself; null: never
create index ix_artifacts_expires on artifacts (expires_at) where expires_at is not null;
create index ix_artifacts_failed on artifacts (company_id, updated_at) where status = 'upload_failed';
create index ix_uploads_aborted on uploads (company_id, updated_at) where status = 'aborted';
create index ix_dock_artifacts_failed on dock_artifacts (company_id, updated_at) where status = 'upload_failed';

create table restorable_artifacts (
    id                text primary key,
    company_id        text not null references companies (id),
    record            jsonb not null,           -- the artifact's row as it was
    fragments         jsonb,                    -- likewise its fragments' rows
    deleted_at        timestamptz not null,
    restorable_until  timestamptz not null
);
create index ix_restorable_artifacts_company on restorable_artifacts (company_id, id desc);
create index ix_restorable_artifacts_until on restorable_artifacts (restorable_until);

-- The last event, but for progress, that retention has removed: whoever resumes before it has missed something.
alter table event_heads
    add column pruned_sequence  bigint not null default 0;
create index ix_events_company_created on events (company_id, created_at);
