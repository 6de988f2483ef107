-- Adds returns.
insert into returns
    (id, order_id, status, location_id, note, goods, requested_by, version, created_at, number, rest_of, is_returnless,
     refund_minor, shipping_minor, shipping_tax_minor, updated_at)
select r.*, r.created_at
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[], $7::uuid[], $8::bigint[],
            $9::timestamptz[], $10::text[], $11::uuid[], $12::boolean[], $13::bigint[], $14::bigint[], $15::bigint[])
    as r (id, order_id, status, location_id, note, goods, requested_by, version, created_at, number, rest_of,
          is_returnless, refund_minor, shipping_minor, shipping_tax_minor)
returning 1
