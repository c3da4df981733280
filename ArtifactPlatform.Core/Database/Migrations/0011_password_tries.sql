-- Passwords that are being compared, told apart from those that were wrong: so many of both together may there be.

alter table users
    add column open_tries        integer not null default 0,
    add column open_tries_until  timestamptz;   -- from when on those that are still open belong to a process that has died
