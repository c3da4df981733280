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

-- Where the storage reconciler is, so that another worker goes on when one dies; and what its last whole pass found.
create table storage_passes (
    bucket             text primary key,
    cursor             text not null,           -- the last key that was looked at
    lease_token        text,
    lease_until        timestamptz,
    started_at         timestamptz,             -- null: no pass is under way
    objects            bigint not null,         -- of this pass so far, as are the next four
    orphans            bigint not null,         -- objects without rows
    orphan_bytes       bigint not null,
    removed            bigint not null,
    missing            bigint not null,         -- rows without objects
    finished_at        timestamptz,
    last_objects       bigint not null,         -- of the last whole pass, as are the next four
    last_orphans       bigint not null,
    last_orphan_bytes  bigint not null,
    last_removed       bigint not null,
    last_missing       bigint not null
);
-- It meets the bucket's listing in the order of keys, and looks up owners by id.
create index ix_artifacts_key on artifacts (s3_key collate "C") where status = 'upload_completed';
create index ix_dock_artifacts_key on dock_artifacts (s3_key collate "C") where status = 'upload_completed' and not is_duplicate;
create index ix_dock_artifacts_owner on dock_artifacts (split_part(s3_key, '/', 2));
create index ix_videos_package on videos ((('videos/' || id || '/' || package || '/package.json') collate "C")) where package is not null;
create index ix_captions_key on captions ((('videos/' || video_id || '/captions/' || id || '.vtt') collate "C"));
create index ix_uploads_artifact on uploads (artifact_id);
