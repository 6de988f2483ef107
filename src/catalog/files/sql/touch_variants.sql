-- Raises the versions of variants by so many changes each.
update variants as v
set version = v.version + d.changes, updated_at = $3::timestamptz
from unnest($1::uuid[], $2::bigint[]) as d (id, changes)
where v.id = d.id
returning v.id, v.product_id, v.version
