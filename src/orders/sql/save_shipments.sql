-- Writes the problems of shipments.
update shipments as s
set problem = d.problem, problem_at = d.problem_at, return_id = d.return_id, version = d.version
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::bigint[])
    as d (id, problem, problem_at, return_id, version)
where s.id = d.id
returning 1
