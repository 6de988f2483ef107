-- Writes the heads of stock counts that a batch has changed.
update stock_counts as c
set status = d.status, submitted_by = d.submitted_by, approved_by = d.approved_by, version = d.version,
    updated_at = d.updated_at, closed_at = d.closed_at
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::timestamptz[])
    as d (id, status, submitted_by, approved_by, version, updated_at, closed_at)
where c.id = d.id and c.version = d.version - 1
returning 1
