-- Locks stock rows in (location, variant) order. The keys of a row never change, so the order is stable.
select *
from stock_levels
where (location_id, variant_id) in (select * from unnest($1::uuid[], $2::uuid[]))
order by location_id, variant_id
for no key update
