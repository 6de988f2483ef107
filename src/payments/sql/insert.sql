-- Adds payments.
insert into payments
    (updated_at, id, order_id, location_id, gateway, status, currency, authorized_minor, captured_minor, refunded_minor,
     version, reference, created_at, asked_capture_minor, asked_refund_minor, is_released, is_single_capture, method,
     is_extra, tender, taken_at)
select $1, p.*
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
            $10::bigint[], $11::bigint[], $12::text[], $13::timestamptz[], $14::bigint[], $15::bigint[], $16::boolean[],
            $17::boolean[], $18::text[], $19::boolean[], $20::jsonb[], $21::timestamptz[]) as p
returning 1
