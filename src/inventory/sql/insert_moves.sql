-- Adds movements to the ledger.
insert into stock_moves
    (recorded_at, id, variant_id, quantity, from_node, from_location_id, from_condition, to_node, to_location_id,
     to_condition, reason, cause_type, cause_id, actor_id, occurred_at, lot_id, note, unit_cost)
select $1, m.*
from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::uuid[],
            $10::text[], $11::text[], $12::text[], $13::uuid[], $14::uuid[], $15::timestamptz[], $16::uuid[],
            $17::text[], $18::bigint[]) as m
returning 1
