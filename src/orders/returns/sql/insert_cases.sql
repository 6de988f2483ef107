-- Opens cases of skin reactions.
insert into reaction_cases (opened_at, id, return_id, order_id, variant_id, lot_id, note, opened_by)
select $1, c.*
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::uuid[]) as c
returning 1
