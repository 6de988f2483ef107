-- The database's clock, how often what servers remember has changed (held so until the transaction ends, if that is asked
-- for), and what is kept under these keys.
select one.now, one.changes, k.*
from (select clock_timestamp() as now, case when $3 then hold_remembered() end as changes) as one
left join (
    select i.principal_id, i.key, i.fingerprint, i.permission, i.location_id, i.status, i.body, i.location_header,
           i.version, i.created_at
    from unnest($1::uuid[], $2::text[]) as w (principal_id, key)
    join idempotency_keys as i on i.principal_id = w.principal_id and i.key = w.key and i.status <> 0
) as k on true
