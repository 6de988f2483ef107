-- Adds operations that gateways are asked for.
insert into payment_operations
    (id, payment_id, order_id, kind, amount_minor, is_final, state, next_at, created_at, updated_at)
select o.*, o.created_at
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::boolean[], $7::text[], $8::timestamptz[],
            $9::timestamptz[]) as o (id, payment_id, order_id, kind, amount_minor, is_final, state, next_at, created_at)
returning 1
