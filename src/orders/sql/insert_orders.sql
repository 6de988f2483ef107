-- Adds orders.
insert into orders
    (id, number, channel, currency, location_id, reservation_id, status, total_minor, customer, placed_by,
     hold_expires_at, version, created_at, also_from, exchange_for, external_ref, is_pickup, paid_minor, updated_at,
     occurred_at, business_date, marks, sale_fingerprint, conflict_with, shipping_minor, shipping)
overriding system value
select o.id, o.number, o.channel, o.currency, o.location_id, o.reservation_id, o.status, o.total_minor, o.customer,
       o.placed_by, o.hold_expires_at, o.version, o.created_at, o.also_from::uuid[],
       o.exchange_for, o.external_ref, o.is_pickup, o.paid_minor, o.created_at,
       o.occurred_at, o.business_date, o.marks::text[], o.sale_fingerprint, o.conflict_with,
       o.shipping_minor, o.shipping
from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[],
            $9::jsonb[], $10::uuid[], $11::timestamptz[], $12::bigint[], $13::timestamptz[], $14::text[], $15::uuid[],
            $16::text[], $17::boolean[], $18::bigint[], $19::timestamptz[], $20::date[], $21::text[], $22::bytea[],
            $23::uuid[], $24::bigint[], $25::jsonb[])
    as o (id, number, channel, currency, location_id, reservation_id, status, total_minor, customer, placed_by,
          hold_expires_at, version, created_at, also_from, exchange_for, external_ref, is_pickup, paid_minor, occurred_at, business_date,
          marks, sale_fingerprint, conflict_with, shipping_minor, shipping)
returning 1
