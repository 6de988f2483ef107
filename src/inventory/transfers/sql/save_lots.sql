-- Writes the units of each lot that a transfer moves, or adds them.
insert into transfer_lots (transfer_id, lot_id, variant_id, shipped, received, damaged, lost)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::integer[], $6::integer[], $7::integer[])
on conflict (transfer_id, lot_id) do update
set shipped = excluded.shipped, received = excluded.received, damaged = excluded.damaged, lost = excluded.lost
returning 1
