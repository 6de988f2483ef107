-- Writes the heads of transfers that a batch has changed.
update transfers as t
set status = d.status, is_shipped_whole = d.is_shipped_whole, version = d.version, updated_at = d.updated_at,
    shipped_at = d.shipped_at, closed_at = d.closed_at
from unnest($1::uuid[], $2::text[], $3::boolean[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
    as d (id, status, is_shipped_whole, version, updated_at, shipped_at, closed_at)
where t.id = d.id and t.version = d.version - 1
returning 1
