-- Transfers that carried goods of a lot, the oldest first.
select t.id as transfer_id, t.from_location_id, t.to_location_id, t.status, l.shipped::bigint as shipped,
       (l.shipped - l.received - l.damaged - l.lost)::bigint as in_transit
from transfer_lots as l
join transfers as t on t.id = l.transfer_id
where l.lot_id = $1
  and ($2::uuid[] is null or t.from_location_id = any ($2) or t.to_location_id = any ($2))
order by t.id
