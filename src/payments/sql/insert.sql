insert into payments
    (updated_at, id, order_id, location_id, gateway, status, currency, authorised_minor, captured_minor, refunded_minor,
     version, reference, created_at)
select $1, p.*
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
            $10::bigint[], $11::bigint[], $12::text[], $13::timestamptz[]) as p
returning 1
