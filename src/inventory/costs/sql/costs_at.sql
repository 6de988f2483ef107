-- What is on hand at a location and what it has cost, in order of variant.
select s.variant_id, s.on_hand, s.costed, s.average_cost, s.version
from stock_levels as s
where s.location_id = $1
  and (s.on_hand > 0 or s.average_cost is not null)
  and ($2::uuid[] is null or s.variant_id = any ($2))
  and ($3::uuid is null or s.variant_id > $3)
order by s.variant_id
limit $4
