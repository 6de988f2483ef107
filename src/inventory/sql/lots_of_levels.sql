-- The units of lots at stock rows that are locked, and of some lots wherever they are, with what is known of each lot.
select b.location_id, b.condition, b.quantity, l.*
from lot_balances as b
join lots as l on l.id = b.lot_id
where ((b.location_id, b.variant_id) in (select * from unnest($1::uuid[], $2::uuid[])) or b.lot_id = any ($3::uuid[]))
  and b.quantity > 0
