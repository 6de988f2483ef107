-- Adds changes of average costs to their history.
insert into cost_changes
    (changed_at, id, location_id, variant_id, units, costed_before, average_before, average_after, note, actor_id)
select $1, c.*
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::integer[], $6::integer[], $7::bigint[], $8::bigint[], $9::text[],
            $10::uuid[]) as c
returning 1
