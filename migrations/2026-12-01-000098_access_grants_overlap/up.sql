-- A role that was held for a season may be held again in another one: grants of one role at one place do not overlap.
alter table grants validate constraint grants_dates_check;
drop index grants_user_role_location_key;
alter table grants
    add constraint grants_overlap exclude using gist (
        user_id with =,
        role with =,
        (coalesce(location_id, '00000000-0000-0000-0000-000000000000')) with =,
        tstzrange(starts_at, ends_at) with &&
    );
