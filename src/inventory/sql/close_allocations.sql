update allocations as a
set closed_at = $1, status = d.status
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) as d (order_id, location_id, variant_id, status)
where a.order_id = d.order_id and a.location_id = d.location_id and a.variant_id = d.variant_id and a.status = 'open'
returning 1
