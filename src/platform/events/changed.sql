-- Kinds of records that events between two positions tell of, and perhaps of some events right before or after them.
with wanted as (
    select $1::bigint as after, $2::bigint as upto
)
select distinct e.aggregate_type as kind
from event_ranges as r
cross join lateral unnest(r.event_ids) as t (id)
join outbox_events as e on e.id = t.id
where r.last > (select after from wanted)
  and r.last <= (select min(last) from event_ranges where last >= (select upto from wanted))
