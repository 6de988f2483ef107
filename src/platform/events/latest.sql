-- Records of a kind that events between two positions tell of, each with its latest version.
select e.aggregate_id as subject, e.location_id as location, max(e.aggregate_version) as version
from event_feed as f
join outbox_events as e on e.id = f.event_id
where f.position > $2 and f.position <= $3 and e.aggregate_type = $1
group by e.aggregate_id, e.location_id
