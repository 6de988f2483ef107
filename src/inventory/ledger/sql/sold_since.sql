-- The units of each variant that have gone to customers since a moment.
select variant_id, sum(quantity)::bigint as units
from stock_moves
where to_node = 'customer' and recorded_at > $1
group by variant_id
