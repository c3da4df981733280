-- Passwords that are being compared, told apart from those that were wrong: so many of both together may there be.

alter table users
    add column open_tries        integer not null default 0,
    add column open_tries_until  timestamptz;   -- from when on those that are still open belong to a process that has died

-- Who joins by invitation is in no company yet.
alter table idempotency_keys alter column company_id drop not null;
