-- updated_at follows the order in which changes commit. Each process takes it from its own clock, before it has the row: without this a
-- change that comes later could carry an earlier time, and whoever keeps the latest answer would throw it away.

create function keep_updated_at_forward() returns trigger language plpgsql as $$
begin
    new.updated_at := greatest(new.updated_at, old.updated_at);
    return new;
end
$$;
create trigger tr_artifacts_updated_at before update on artifacts for each row execute function keep_updated_at_forward();
create trigger tr_videos_updated_at before update on videos for each row execute function keep_updated_at_forward();
