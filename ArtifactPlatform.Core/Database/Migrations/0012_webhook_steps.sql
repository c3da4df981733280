-- A replay of what waits for its next attempt is an attempt beside the schedule; disabling gives up what is being sent at that moment, too.

alter table webhook_deliveries
    add column step         integer not null default 0,       -- how many attempts of the schedule it has had
    add column hurried_from timestamptz,                      -- when it was due before a replay hurried it
    add column is_given_up  boolean not null default false;   -- its endpoint was disabled while it was being sent: it is tried no more

update webhook_deliveries set step = attempt;
