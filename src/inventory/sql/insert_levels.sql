-- Adds stock levels of variants that a location has not had before.
insert into stock_levels
    (location_id, variant_id, on_hand, damaged, quality_hold, returned, expired, allocated, reserved, in_transit,
     safety_stock, reorder_threshold, reorder_quantity, backorder_limit, version, uncovered, has_lots, dated, counted_at, costed,
     average_cost)
select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
                     $8::integer[], $9::integer[], $10::integer[], $11::integer[], $12::integer[], $13::integer[],
                     $14::integer[], $15::bigint[], $16::integer[], $17::boolean[], $18::jsonb[], $19::timestamptz[],
                     $20::integer[], $21::bigint[])
returning 1
