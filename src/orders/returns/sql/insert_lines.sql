-- Adds the lines of returns.
insert into return_lines (return_id, line_no, quantity, reason, unit_minor, received, components, tax_minor,
                          worth_minor)
select * from unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::bigint[], $6::integer[], $7::jsonb[],
                     $8::bigint[], $9::bigint[])
returning 1
