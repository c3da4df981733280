-- Requests that may be sent twice; what a company may use, has used, and has asked for.

create table idempotency_keys (
    owner_id     text not null,             -- API key, user or machine client that chose the key
    key          text not null,
    company_id   text not null references companies (id),
    fingerprint  bytea not null,            -- SHA-256 of method, path, query and body
    lease_token  text not null,             -- random per run of the request: only the run that holds it may commit and answer
    lease_until  timestamptz not null,
    effect_at    timestamptz,               -- when a transaction of the request was committed
    answer       text,                      -- encrypted by Data Protection; null until there is one
    created_at   timestamptz not null,
    primary key (owner_id, key)
);
create index ix_idempotency_keys_created on idempotency_keys (created_at);

-- In all four tables kind says what is counted, and with it the unit: stored_bytes | encode_time (ms) | views | ingested_bytes.

-- What a company may use where that differs from the operator's default.
create table quota_limits (
    company_id  text not null references companies (id),
    kind        text not null,
    most        bigint not null,            -- 9223372036854775807 = unlimited
    primary key (company_id, kind)
);

create table quota_counters (
    company_id  text not null references companies (id),
    kind        text not null,
    period      date not null,              -- first day of the month; 1970-01-01 for what is not counted by month
    used        bigint not null default 0,
    reserved    bigint not null default 0,
    primary key (company_id, kind, period)
);

-- What one thing holds of a counter: it makes reserving, settling and releasing again change nothing.
create table quota_reservations (
    kind        text not null,
    subject_id  text not null,
    company_id  text not null references companies (id),
    period      date not null,
    amount      bigint not null,
    settled     boolean not null,           -- counted as used rather than as reserved
    created_at  timestamptz not null,
    primary key (kind, subject_id)
);
create index ix_quota_reservations_created on quota_reservations (created_at);

create table usage_days (
    company_id  text not null references companies (id),
    kind        text not null,
    day         date not null,              -- UTC
    amount      bigint not null,            -- of stored_bytes the change, which may be negative
    primary key (company_id, kind, day)
);

-- What is stored already.
insert into quota_reservations (kind, subject_id, company_id, period, amount, settled, created_at)
select 'stored_bytes', id, company_id, date '1970-01-01', size_bytes, true, completed_at
from artifacts where status = 'upload_completed' and size_bytes is not null and completed_at is not null;

insert into quota_counters (company_id, kind, period, used)
select company_id, kind, period, sum(amount) from quota_reservations group by company_id, kind, period;

insert into usage_days (company_id, kind, day, amount)
select r.company_id, k.kind, (r.created_at at time zone 'utc')::date, sum(r.amount)
from quota_reservations r, (values ('stored_bytes'), ('ingested_bytes')) k (kind)
group by r.company_id, k.kind, (r.created_at at time zone 'utc')::date;
