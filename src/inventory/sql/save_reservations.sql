-- Writes reservations that a batch has changed.
update reservations as r
set status = d.status, expires_at = d.expires_at, closed_at = d.closed_at, version = d.version, is_replaced = d.is_replaced
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::boolean[])
    as d (id, status, expires_at, closed_at, version, is_replaced)
where r.id = d.id and (r.status = 'active' or d.is_replaced)
returning 1
