-- What an order was sent, lot by lot, less what has come back; what left location $2 first.
select variant_id, lot_id, sum(case when to_node = 'customer' then quantity else -quantity end)::integer as units
from stock_moves
where cause_id = $1 and cause_type = 'order' and (to_node = 'customer' or from_node = 'customer')
group by variant_id, lot_id
having sum(case when to_node = 'customer' then quantity else -quantity end) > 0
order by variant_id, coalesce(bool_or(from_location_id = $2), false) desc, lot_id nulls last
