-- Kinds of records that events between two positions tell of, and perhaps of some events right before or after them. A
-- range has at most 256 positions.
select distinct e.aggregate_type as kind
from event_ranges as r
cross join lateral unnest(r.event_ids) as t (id)
join outbox_events as e on e.id = t.id
where r.last > $1 and r.last < $2 + 256
