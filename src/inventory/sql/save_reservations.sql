update reservations as r
set status = d.status, expires_at = d.expires_at, closed_at = d.closed_at, version = d.version
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[])
    as d (id, status, expires_at, closed_at, version)
where r.id = d.id and r.status = 'active'
returning 1
