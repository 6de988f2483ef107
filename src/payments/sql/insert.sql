insert into payments
    (id, order_id, location_id, gateway, status, currency, authorised_minor, captured_minor, reference, created_at,
     updated_at)
select p.*, p.created_at
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
            $9::text[], $10::timestamptz[])
    as p (id, order_id, location_id, gateway, status, currency, authorised_minor, captured_minor, reference, created_at)
returning 1
