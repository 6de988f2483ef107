update payments as p
set updated_at = $1, status = d.status, refunded_minor = d.refunded_minor, version = d.version
from unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[]) as d (id, status, refunded_minor, version)
where p.id = d.id and p.version = d.version - 1
returning 1
