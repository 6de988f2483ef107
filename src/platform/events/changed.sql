-- Kinds of records that events between two positions tell of.
select distinct e.aggregate_type as kind
from event_feed as f
join outbox_events as e on e.id = f.event_id
where f.position > $1 and f.position <= $2
