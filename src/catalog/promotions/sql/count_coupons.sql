-- Adds to how often coupons have been used.
update coupons as c
set used_count = c.used_count + d.used
from unnest($1::uuid[], $2::bigint[]) as d (id, used)
where c.id = d.id
returning 1
