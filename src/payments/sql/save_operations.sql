-- Writes the states of operations that are still open, and if they are the last of their payment.
update payment_operations as o
set updated_at = $1, state = d.state, next_at = d.next_at, gateway_ref = d.gateway_ref, failure = d.failure,
    is_final = d.is_final
from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[])
    as d (id, state, next_at, gateway_ref, failure, is_final)
where o.id = d.id and o.state = 'open'
returning 1
