-- Keys that were rotated, and who did what.

alter table api_keys
    add column previous_key_hash    bytea,          -- SHA-256 of the key before the last rotation
    add column previous_expires_at  timestamptz;    -- until when it is good beside the new one
create unique index ux_api_keys_previous_key_hash on api_keys (previous_key_hash) where previous_key_hash is not null;

create table audit_log (
    id          text primary key,       -- sorts by time
    company_id  text not null references companies (id),
    actor_type  text not null,          -- user | api_key
    actor_id    text not null,
    action      text not null,
    subject_id  text not null,
    details     jsonb not null,
    request_id  text not null,
    created_at  timestamptz not null
);
create index ix_audit_log_company on audit_log (company_id, id desc);

create function refuse_change_of_audit_log() returns trigger language plpgsql as $$
begin
    raise exception 'audit_log is append-only';
end
$$;
create trigger tr_audit_log_append_only before update or delete or truncate on audit_log
    for each statement execute function refuse_change_of_audit_log();
