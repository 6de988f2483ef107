-- Adds allocations.
insert into allocations
    (created_at, id, order_id, location_id, variant_id, quantity, status, closed_at, reservation_id)
select $1, a.*
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::integer[], $7::text[], $8::timestamptz[], $9::uuid[]) as a
returning 1
