-- Stock rows as they stand, without locks.
select s.*
from unnest($1::uuid[], $2::uuid[]) as w (location_id, variant_id)
join stock_levels as s on s.location_id = w.location_id and s.variant_id = w.variant_id
