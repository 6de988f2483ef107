-- How many units of each lot are where; rows are made as they are needed. The level's row is locked.
insert into lot_balances (location_id, variant_id, lot_id, condition, quantity)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[])
on conflict (location_id, variant_id, lot_id, condition) do update set quantity = excluded.quantity
returning 1
