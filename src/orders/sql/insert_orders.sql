insert into orders
    (id, number, channel, currency, location_id, reservation_id, status, total_minor, customer, placed_by,
     hold_expires_at, version, created_at, updated_at)
overriding system value
select o.*, o.created_at
from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[],
            $9::jsonb[], $10::uuid[], $11::timestamptz[], $12::bigint[], $13::timestamptz[])
    as o (id, number, channel, currency, location_id, reservation_id, status, total_minor, customer, placed_by,
          hold_expires_at, version, created_at)
returning 1
