-- Docks, the machines that deposit in them, what was deposited, and the keys that sign the machines' tokens.

create table docks (
    id              text primary key,
    company_id      text not null references companies (id),
    user_id         text not null references users (id),
    name            text not null,
    max_size_bytes  bigint not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null
);
create index ix_docks_company on docks (company_id, id desc);

create table machine_clients (
    id                    text primary key,
    company_id            text not null references companies (id),
    dock_id               text not null references docks (id) on delete cascade,
    user_id               text not null references users (id),
    name                  text not null,
    secret_hash           bytea not null,       -- SHA-256 of the secret
    previous_secret_hash  bytea,                -- of the one before the last rotation
    previous_expires_at   timestamptz,          -- until when that one is good beside the new one
    scopes                text[] not null,
    created_at            timestamptz not null,
    last_used_at          timestamptz
);
create index ix_machine_clients_dock on machine_clients (dock_id, id desc);

create table dock_artifacts (
    id                  text primary key,
    company_id          text not null references companies (id),
    dock_id             text not null references docks (id),
    upload_id           text not null,
    user_id             text not null references users (id),
    client_id           text,                   -- the machine that deposited it; it may be gone
    filename            text not null,
    content_type        text,                   -- as claimed, else as found in the content
    claimed_size_bytes  bigint,
    claimed_hash        text,
    size_bytes          bigint,
    hash                text,                   -- of the stored bytes
    is_duplicate        boolean not null default false,   -- the bytes are another artifact's of this dock
    metadata            jsonb,
    status              text not null,
    upload_expires_at   timestamptz not null,
    upload_checked_at   timestamptz,
    uploaded_at         timestamptz,            -- when the finished PUT was noticed
    attempt             integer not null default 1,
    s3_key              text not null,
    s3_etag             text,                   -- of the object whose bytes were verified
    error_code          text,
    error_message       text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    completed_at        timestamptz
);
create unique index ux_dock_artifacts_upload on dock_artifacts (upload_id);
create index ix_dock_artifacts_dock on dock_artifacts (dock_id, id desc);
create index ix_dock_artifacts_metadata on dock_artifacts using gin (metadata jsonb_path_ops);
-- One content of a dock is stored once; the rest of its artifacts are copies that lead to the same object.
create unique index ux_dock_artifacts_content on dock_artifacts (dock_id, hash) where status = 'upload_completed' and not is_duplicate;
create index ix_dock_artifacts_copies on dock_artifacts (dock_id, hash, id) where is_duplicate;
-- The sweep over uploads that are awaited, least recently checked first.
create index ix_dock_artifacts_awaited on dock_artifacts (upload_checked_at nulls first) where uploaded_at is null and status = 'created';

create table signing_keys (
    id             text primary key,            -- the kid of tokens
    public_key     text not null,               -- PEM
    protected_key  text not null,               -- the private half, encrypted by Data Protection
    created_at     timestamptz not null,        -- published from then on
    signs_from     timestamptz not null         -- until the next key does
);
