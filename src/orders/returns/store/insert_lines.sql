insert into return_lines (return_id, line_no, quantity, reason, unit_minor)
select * from unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::bigint[])
returning 1
