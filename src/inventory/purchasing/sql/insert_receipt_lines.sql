-- Adds the lines of receipts.
insert into receipt_lines (receipt_id, line_no, variant_id, lot_id, accepted, rejected, condition,
                           unit_cost_minor)
select * from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::integer[], $6::integer[], $7::text[],
                     $8::bigint[])
returning 1
