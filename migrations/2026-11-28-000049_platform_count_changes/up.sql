-- The first value that a sequence gives is the one that it tells before: so that the first change is counted, one is given.
select nextval('remembered_changes');

-- A change takes the lock before it locks any row, and counts itself once it is certain.
create function lock_remembered() returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(5120261128);
end
$$;
