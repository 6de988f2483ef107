-- The moves behind a level, newest first.
select m.*, l.code as lot
from stock_moves as m
left join lots as l on l.id = m.lot_id
where m.variant_id = $1
  and (m.to_location_id = $2 or m.from_location_id = $2)
  and ($3::timestamptz is null or (m.recorded_at, m.id) < ($3, $4::uuid))
order by m.recorded_at desc, m.id desc
limit $5
