-- How often what servers remember has changed, the database's clock after that, and what is kept under these keys. If
-- $3 is 1 the number is held until the transaction ends; if it is 2 it is so only where no change is in progress, and
-- -1 otherwise.
select one.now, one.changes, k.*
from (select case $3 when 1 then hold_remembered() when 2 then look_at_remembered() end as changes, clock_timestamp() as now) as one
left join (
    select i.principal_id, i.key, i.fingerprint, i.permission, i.location_id, i.status, i.body, i.location_header,
           i.version, i.created_at, i.packed, i.created_id
    from unnest($1::uuid[], $2::text[]) as w (principal_id, key)
    join idempotency_keys as i on i.principal_id = w.principal_id and i.key = w.key and i.status <> 0
) as k on true
