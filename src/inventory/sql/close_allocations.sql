-- Closes allocations that are open: shipped or freed.
update allocations as a
set closed_at = $1, status = d.status
from unnest($2::uuid[], $3::uuid[], $4::text[]) as d (reservation_id, variant_id, status)
where a.reservation_id = d.reservation_id and a.variant_id = d.variant_id and a.status = 'open'
returning 1
