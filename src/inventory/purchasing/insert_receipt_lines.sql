insert into receipt_lines (receipt_id, line_no, variant_id, lot_id, accepted, rejected, condition)
select * from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::integer[], $6::integer[], $7::text[])
returning 1
