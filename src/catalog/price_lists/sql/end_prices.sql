-- Writes down when prices of lists end, or that they never began, and who decided it.
update list_prices as p
set ends_at = d.ends_at, ended_by = d.ended_by, withdrawn_at = d.withdrawn_at
from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::timestamptz[]) as d (id, ends_at, ended_by, withdrawn_at)
where p.id = d.id
