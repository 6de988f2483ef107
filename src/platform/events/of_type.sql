-- What events of a type tell of between two positions, in their order.
with wanted as (
    select $1::text as kind, $2::bigint as after, $3::bigint as upto
), placed as (
    select r.last - cardinality(r.event_ids) + e.no as position, e.id as event_id
    from event_ranges as r
    cross join lateral unnest(r.event_ids) with ordinality as e (id, no)
    where r.last > (select after from wanted)
      and r.last <= (select min(last) from event_ranges where last >= (select upto from wanted))
)
select e.location_id as location, coalesce(e.packed, convert_to(e.payload::text, 'UTF8')) as data
from placed as p
join outbox_events as e on e.id = p.event_id
cross join wanted as w
where p.position > w.after and p.position <= w.upto and e.event_type = w.kind
order by p.position
