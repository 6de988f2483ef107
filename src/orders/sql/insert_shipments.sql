-- Adds shipments.
insert into shipments (id, order_id, location_id, carrier, tracking_number, shipped_at, delivered_at, units, lines, created_at)
select s.*, s.shipped_at
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::jsonb[], $9::jsonb[])
    as s (id, order_id, location_id, carrier, tracking_number, shipped_at, delivered_at, units, lines)
returning 1
