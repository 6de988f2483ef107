-- Moves that touch some locations, or any, after one of them and before a moment, in the order in which they were
-- written down.
select m.*, l.code as lot
from stock_moves as m
left join lots as l on l.id = m.lot_id
where m.recorded_at >= $2
  and m.recorded_at < $4
  and (m.recorded_at, m.id) > ($2, $3::uuid)
  and ($1::uuid[] is null or m.to_location_id = any ($1) or m.from_location_id = any ($1))
order by m.recorded_at, m.id
limit $5
