-- What events of a type tell of between two positions, in their order.
select e.location_id as location, coalesce(e.packed, convert_to(e.payload::text, 'UTF8')) as data
from event_feed as f
join outbox_events as e on e.id = f.event_id
where f.position > $2 and f.position <= $3 and e.event_type = $1
order by f.position
