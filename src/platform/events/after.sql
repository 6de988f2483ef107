-- Events after a position, up to another, that concern some places. Where they concern several, the place that is named
-- is one of those.
select '1.0' as specversion, '/v1/events' as source, 'application/json' as datacontenttype, f.position,
       e.event_id as id, e.event_type as kind, e.aggregate_type as aggregate, e.aggregate_id as subject,
       e.aggregate_version as version,
       case when coalesce(e.location_id = any ($3), true) then e.location_id
            else (select l.id from unnest(e.also_at) as l (id) where l.id = any ($3) limit 1)
       end as location,
       e.created_at as time, coalesce(e.packed, convert_to(e.payload::text, 'UTF8')) as data
from event_feed as f
join outbox_events as e on e.id = f.event_id
where f.position > $1
  and f.position <= $2
  and (e.location_id is null or coalesce(e.location_id = any ($3), true) or e.also_at && $3)
order by f.position
limit $4
