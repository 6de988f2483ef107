-- Writes pickups, or adds them.
insert into pickups (order_id, location_id, status, code, attempts, ready_at, expires_at, ended_at, version)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::timestamptz[],
                     $8::timestamptz[], $9::bigint[])
on conflict (order_id) do update
set status = excluded.status, code = excluded.code, attempts = excluded.attempts, ready_at = excluded.ready_at,
    expires_at = excluded.expires_at, ended_at = excluded.ended_at, version = excluded.version
returning 1
