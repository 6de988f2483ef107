-- Adds the lines of reservations.
insert into reservation_lines (reservation_id, variant_id, quantity, level_version)
select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[])
returning 1
