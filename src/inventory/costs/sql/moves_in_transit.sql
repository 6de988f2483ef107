-- The moves of a transfer between its locations and the way, the oldest first.
select m.variant_id, m.quantity, m.unit_cost, m.to_node = 'transit' as is_leaving
from stock_moves as m
where m.cause_id = $1 and m.cause_type = 'transfer' and 'transit' in (m.from_node, m.to_node)
order by m.recorded_at, m.id
