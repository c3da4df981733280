-- Webhook endpoints, and what is sent to them. The events themselves stay in the event log.

create table webhook_endpoints (
    id                         text primary key,
    company_id                 text not null references companies (id),
    user_id                    text not null references users (id),
    url                        text not null,
    description                text,
    events                     text[] not null,     -- artifact.created | artifact.* | *
    status                     text not null,       -- enabled | disabled
    disabled_reason            text,                -- by_user | gone | failing
    disabled_at                timestamptz,
    failing_since              timestamptz,         -- of the first failure since the last success
    failure_count              integer not null default 0,  -- since then
    protected_secret           text not null,       -- encrypted by Data Protection
    previous_protected_secret  text,                -- of the secret before the last rotation, likewise
    previous_expires_at        timestamptz,         -- until when that one signs beside the new one
    position                   bigint not null,     -- all events of the company up to this number have their deliveries
    created_at                 timestamptz not null,
    updated_at                 timestamptz not null
);
create index ix_webhook_endpoints_company on webhook_endpoints (company_id, id desc);

create table webhook_deliveries (
    id               text primary key,
    company_id       text not null references companies (id),
    endpoint_id      text not null references webhook_endpoints (id) on delete cascade,
    event_id         text not null,                 -- sent as webhook-id
    event_sequence   bigint,                        -- null: a test, which the event log knows nothing of
    event_type       text not null,
    trigger          text not null,                 -- event | replay | test
    status           text not null,                 -- pending | delivered | failed
    attempt          integer not null default 0,    -- how often it has been sent, or was about to be
    next_attempt_at  timestamptz,                   -- while it is being sent: when its lease ends
    lease_token      text,                          -- set while it is being sent
    attempted_at     timestamptz,                   -- when the last answer came, or did not
    duration_ms      integer,
    response_status  integer,
    response_body    text,                          -- its first KiB
    error_code       text,
    error_message    text,
    created_at       timestamptz not null
);
-- One open delivery of one event to one endpoint: a replay of what is still on its way only hurries it.
create unique index ux_webhook_deliveries_open on webhook_deliveries (endpoint_id, event_id) where status = 'pending';
create index ix_webhook_deliveries_due on webhook_deliveries (endpoint_id, next_attempt_at) where status = 'pending';
-- Keyset pages of an endpoint's log, newest first; failed ones are looked for among very many others.
create index ix_webhook_deliveries_endpoint on webhook_deliveries (endpoint_id, id desc);
create index ix_webhook_deliveries_failed on webhook_deliveries (endpoint_id, id desc) where status = 'failed';
-- Old ones are removed by company and age.
create index ix_webhook_deliveries_company_created on webhook_deliveries (company_id, created_at);
