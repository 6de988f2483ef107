-- The units of lots at stock rows that are locked, and of some lots wherever they are, with what is known of each lot.
select b.location_id, b.condition, b.quantity, l.*
from (
    select o.*
    from unnest($1::uuid[], $2::uuid[]) as w (location_id, variant_id)
    join lot_balances as o on o.location_id = w.location_id and o.variant_id = w.variant_id
    where o.quantity > 0
    union
    select o.* from lot_balances as o where o.lot_id = any ($3::uuid[]) and o.quantity > 0
) as b
join lots as l on l.id = b.lot_id
