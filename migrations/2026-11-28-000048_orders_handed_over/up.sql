-- Parcels that were handed over at a till or to whoever fetched them were kept as on their way.
update shipments as s
set delivered_at = s.shipped_at
from orders as o
where o.id = s.order_id and o.status in ('delivered', 'returned') and (o.is_pickup or o.channel = 'pos')
  and s.delivered_at is null and s.problem is null;
