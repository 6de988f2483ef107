-- Writes the received and rejected units of lines of purchase orders.
update purchase_order_lines as l
set received = d.received, rejected = d.rejected
from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[]) as d (purchase_order_id, variant_id, received, rejected)
where l.purchase_order_id = d.purchase_order_id and l.variant_id = d.variant_id
returning 1
