-- Adds to what has been used of promotions.
update promotions as p
set used_count = p.used_count + d.used, spent_minor = p.spent_minor + d.spent
from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as d (id, used, spent)
where p.id = d.id
returning 1
