-- Writes the lines of stock counts that were counted, or adds them.
insert into stock_count_lines
    (id, count_id, variant_id, lot_id, at_start, expected, counted, counted_at, counted_by)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::integer[], $6::integer[], $7::integer[],
                     $8::timestamptz[], $9::uuid[])
on conflict (id) do update
set expected = excluded.expected, counted = excluded.counted, counted_at = excluded.counted_at,
    counted_by = excluded.counted_by
returning 1
