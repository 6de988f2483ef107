-- What open purchase orders and transfers bring of a variant to a location, the earliest first.
select 'purchase_order' as kind, p.id, p.expected_on, (l.ordered - l.received)::bigint as units
from purchase_orders as p
join purchase_order_lines as l on l.purchase_order_id = p.id
where p.location_id = $1 and l.variant_id = $2 and p.status in ('ordered', 'partially_received') and l.ordered > l.received
union all
select 'transfer', t.id, t.expected_on, (l.shipped - l.received - l.damaged - l.lost)::bigint
from transfers as t
join transfer_lines as l on l.transfer_id = t.id
where t.to_location_id = $1 and l.variant_id = $2 and t.status in ('in_transit', 'partially_received')
  and l.shipped > l.received + l.damaged + l.lost
order by expected_on nulls last, id
