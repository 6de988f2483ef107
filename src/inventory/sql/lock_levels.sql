-- Locks stock rows in (location, variant) order. The keys of a row never change, so the order is stable.
select s.*
from unnest($1::uuid[], $2::uuid[]) as w (location_id, variant_id)
join stock_levels as s on s.location_id = w.location_id and s.variant_id = w.variant_id
order by s.location_id, s.variant_id
for no key update of s
