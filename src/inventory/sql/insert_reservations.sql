-- Adds the heads of reservations.
insert into reservations
    (id, location_id, status, reference, order_id, principal_id, expires_at, closed_at, version, created_at, is_replaced)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::timestamptz[],
                     $8::timestamptz[], $9::bigint[], $10::timestamptz[], $11::boolean[])
returning 1
