-- Writes the counters of stock levels, if nothing has changed them since they were read.
update stock_levels as s
set on_hand = d.on_hand,
    damaged = d.damaged,
    quality_hold = d.quality_hold,
    returned = d.returned,
    expired = d.expired,
    allocated = d.allocated,
    reserved = d.reserved,
    in_transit = d.in_transit,
    safety_stock = d.safety_stock,
    reorder_threshold = d.reorder_threshold,
    reorder_quantity = d.reorder_quantity,
    backorder_limit = d.backorder_limit,
    version = d.version,
    uncovered = d.uncovered,
    has_lots = d.has_lots,
    dated = coalesce(d.dated, s.dated),
    counted_at = d.counted_at,
    costed = d.costed,
    average_cost = d.average_cost
from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
            $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::integer[], $13::integer[],
            $14::integer[], $15::bigint[], $16::integer[], $17::boolean[], $18::jsonb[], $19::timestamptz[],
            $20::integer[], $21::bigint[], $22::bigint[])
    as d (location_id, variant_id, on_hand, damaged, quality_hold, returned, expired, allocated, reserved,
          in_transit, safety_stock, reorder_threshold, reorder_quantity, backorder_limit, version, uncovered, has_lots,
          dated, counted_at, costed, average_cost, before)
where s.location_id = d.location_id and s.variant_id = d.variant_id and s.version = d.before
returning 1
