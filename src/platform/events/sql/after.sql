-- Events after a position, up to another, that concern some locations. Where they concern several, the location that is
-- named is one of those. A range has at most 256 positions.
with placed as (
    select r.last - cardinality(r.event_ids) + e.no as position, e.id as event_id
    from event_ranges as r
    cross join lateral unnest(r.event_ids) with ordinality as e (id, no)
    where r.last > $1 and r.last < $2 + 256
), wanted as (
    select $3::bigint as after, $4::bigint as upto, $5::uuid[] as places
)
select '1.0' as specversion, '/v1/events' as source, 'application/json' as datacontenttype, p.position,
       e.event_id as id, e.event_type as kind, e.aggregate_type as aggregate, e.aggregate_id as subject,
       e.aggregate_version as version,
       case when coalesce(e.location_id = any (w.places), true) then e.location_id
            else (select l.id from unnest(e.also_at) as l (id) where l.id = any (w.places) limit 1)
       end as location,
       e.created_at as time, coalesce(e.packed, convert_to(e.payload::text, 'UTF8')) as data
from placed as p
join outbox_events as e on e.id = p.event_id
cross join wanted as w
where p.position > w.after
  and p.position <= w.upto
  and (e.location_id is null or coalesce(e.location_id = any (w.places), true) or e.also_at && w.places)
order by p.position
limit $6
