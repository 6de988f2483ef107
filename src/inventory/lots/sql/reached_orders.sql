-- Orders that goods of a lot went to, in order of time.
select m.cause_id as order_id, m.from_location_id as location_id, sum(m.quantity)::bigint as units,
       max(m.occurred_at) as shipped_at
from stock_moves as m
where m.lot_id = $1 and m.to_node = 'customer' and m.cause_type = 'order'
  and ($2::uuid[] is null or m.from_location_id = any ($2))
group by m.cause_id, m.from_location_id
order by shipped_at, order_id
