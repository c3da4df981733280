-- Videos, the upload sessions that they come from, and what plays them.

create table videos (
    id                 text primary key,
    company_id         text not null references companies (id),
    user_id            text references users (id),
    artifact_id        text references artifacts (id) on delete set null,
    owns_artifact      boolean not null,        -- the artifact was made for this video and goes with it
    awaits_artifact    boolean not null,        -- processing begins when the artifact is completed
    ingest_kind        text not null,           -- direct_upload | url | console
    title              text not null,
    description        text,
    passthrough        text,
    quality            text not null,
    tags               text[] not null,
    status             text not null,           -- preparing | ready | errored | reprocessing
    progress           integer not null default 0,
    run                integer not null default 1,   -- one more with each reprocessing
    transcode_attempts integer not null default 0,
    package            text,                    -- the package that plays: below videos/{id}/{package}/
    renditions         jsonb,                   -- summary of that package
    duration_seconds   double precision,
    file_size_bytes    bigint,
    video_codec        text,
    fps                double precision,
    source_width       integer,
    source_height      integer,
    audio_only         boolean,
    errors             jsonb,
    input_reasons      jsonb,
    view_count         bigint not null default 0,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    queued_at          timestamptz not null,    -- when this run began to wait
    started_at         timestamptz,
    playable_at        timestamptz,
    ready_at           timestamptz
);
create index ix_videos_company on videos (company_id, id desc);
create index ix_videos_company_status on videos (company_id, status, id desc);
create index ix_videos_artifact on videos (artifact_id);

create table playback_ids (
    id          text primary key,
    company_id  text not null references companies (id),
    video_id    text not null references videos (id) on delete cascade,
    policy      text not null,                  -- public | signed
    created_at  timestamptz not null
);
create index ix_playback_ids_video on playback_ids (video_id);

create table playback_keys (
    id          text primary key,
    company_id  text not null references companies (id),
    public_key  text not null,                  -- PEM; the private half is never stored
    created_at  timestamptz not null
);
create index ix_playback_keys_company on playback_keys (company_id);

create table captions (
    id          text primary key,
    company_id  text not null references companies (id),
    video_id    text not null references videos (id) on delete cascade,
    language    text not null,
    name        text not null,
    created_at  timestamptz not null
);
create index ix_captions_video on captions (video_id);

create table uploads (
    id               text primary key,
    company_id       text not null references companies (id),
    user_id          text references users (id),
    api_key_id       text references api_keys (id),
    artifact_id      text not null,             -- the artifact's id from the first; its row comes with finalize
    video_id         text,                      -- set by finalize
    status           text not null,             -- created | completed | aborted
    method           text not null,             -- single | multipart
    filename         text not null,
    mime_type        text not null,
    file_size_bytes  bigint not null,
    title            text not null,
    tags             text[] not null,
    passthrough      text,
    policy           text not null,
    s3_key           text not null,             -- where the bytes land
    s3_upload_id     text,
    part_size_bytes  bigint,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    expires_at       timestamptz not null
);
create index ix_uploads_company on uploads (company_id, id desc);
create index ix_uploads_open on uploads (expires_at) where status = 'created';
