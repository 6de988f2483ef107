-- Events after a position, up to another, at some places.
select f.position, e.event_id as id, e.event_type as kind, e.aggregate_type as aggregate, e.aggregate_id as subject,
       e.aggregate_version as version, e.location_id as location, e.created_at as time, e.payload as data
from event_feed as f
join outbox_events as e on e.id = f.event_id
where f.position > $1
  and f.position <= $2
  and (e.location_id is null or coalesce(e.location_id = any ($3), true))
order by f.position
limit $4
