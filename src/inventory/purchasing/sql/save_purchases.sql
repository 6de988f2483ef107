-- Writes the heads of purchase orders that a batch has changed.
update purchase_orders as p
set status = d.status, expected_on = d.expected_on, version = d.version, updated_at = d.updated_at,
    ordered_at = d.ordered_at, closed_at = d.closed_at
from unnest($1::uuid[], $2::text[], $3::date[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[])
    as d (id, status, expected_on, version, updated_at, ordered_at, closed_at)
where p.id = d.id and p.version = d.version - 1
returning 1
