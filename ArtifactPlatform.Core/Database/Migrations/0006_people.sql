-- Invitations, people who have left, what sessions run on, and sign-in through a provider.

alter table users
    add column last_sign_in_at  timestamptz,
    add column removed_at       timestamptz,    -- the row stays: it says who made what
    add column oidc_issuer      text,
    add column oidc_subject     text;           -- who this is to that provider
-- Whoever was removed may be invited again, here or elsewhere.
drop index ux_users_email;
create unique index ux_users_email on users (email) where removed_at is null;
create unique index ux_users_oidc on users (oidc_issuer, oidc_subject) where oidc_subject is not null;

alter table sessions
    add column device        text not null default '',  -- what it was opened on, as the client says
    add column last_seen_at  timestamptz;

create table invitations (
    id           text primary key,          -- inv_…
    company_id   text not null references companies (id),
    user_id      text not null references users (id),   -- who invited
    email        text not null,             -- lower case
    name         text,
    role         text not null,
    token_hash   bytea not null,            -- SHA-256 of the token
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    accepted_at  timestamptz,
    revoked_at   timestamptz
);
create unique index ux_invitations_token_hash on invitations (token_hash);
-- A new invitation of the same address takes the place of the old one.
create unique index ux_invitations_open on invitations (company_id, email) where accepted_at is null and revoked_at is null;

-- Identity tokens that have opened a session: one opens one.
create table used_id_tokens (
    hash        bytea primary key,          -- SHA-256
    expires_at  timestamptz not null        -- from when on its age alone has it refused
);
create index ix_used_id_tokens_expires_at on used_id_tokens (expires_at);

create index ix_audit_log_actor on audit_log (company_id, actor_id, id desc);
