-- How far each rung of a video's ladder is while it is made.

alter table videos
    add column rungs  jsonb;                    -- null until the source has been looked at
