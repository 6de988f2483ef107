-- What events of a type tell of between two positions, in their order. A range has at most 256 positions.
with placed as (
    select r.last - cardinality(r.event_ids) + e.no as position, e.id as event_id
    from event_ranges as r
    cross join lateral unnest(r.event_ids) with ordinality as e (id, no)
    where r.last > $1 and r.last < $2 + 256
)
select e.location_id as location, coalesce(e.packed, convert_to(e.payload::text, 'UTF8')) as data
from placed as p
join outbox_events as e on e.id = p.event_id
where p.position > $3 and p.position <= $4 and e.event_type = $5
order by p.position
