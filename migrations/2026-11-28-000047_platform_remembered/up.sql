-- Records that every server keeps in memory, such as the catalog. A change takes the lock alone and counts itself. Whoever
-- decides by what it remembers holds the lock together with others until its transaction ends, and learns how many changes
-- there were: in a function each statement sees what was committed before it began.
create sequence remembered_changes;

create function change_remembered() returns bigint language plpgsql as $$
begin
    perform pg_advisory_xact_lock(5120261128);
    return nextval('remembered_changes');
end
$$;

create function hold_remembered() returns bigint language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(5120261128);
    return (select last_value from remembered_changes);
end
$$;

-- The same for whoever only reads: does not wait for a change in progress, and returns -1 then.
create function look_at_remembered() returns bigint language plpgsql as $$
begin
    if not pg_try_advisory_xact_lock_shared(5120261128) then
        return -1;
    end if;
    return (select last_value from remembered_changes);
end
$$;
