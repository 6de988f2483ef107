-- The feed has each committed event once, without gaps, and those of one record in order of its version.
with placed as (
    select r.last - cardinality(r.event_ids) + e.no as position, e.id as event_id
    from event_ranges as r cross join lateral unnest(r.event_ids) with ordinality as e (id, no)
)
(select 'feed_has_no_gaps' as invariant, f.first::text as subject,
        format('it follows position %s', f.before) as detail
 from (select last - cardinality(event_ids) + 1 as first,
              lag(last, 1, (select deleted_to from event_head)) over (order by last) as before from event_ranges) as f
 where f.first <> f.before + 1 limit 1000)
union all
(select 'feed_ends_at_its_head', h.position::text, format('the last position given is %s', coalesce(max(r.last), h.deleted_to))
 from event_head as h left join event_ranges as r on true group by h.position, h.deleted_to
 having coalesce(max(r.last), h.deleted_to) <> h.position)
union all
(select 'each_event_is_told_once', e.id::text, format('%s positions, pending %s times', count(f.position), count(p.id))
 from outbox_events as e
 left join placed as f on f.event_id = e.id
 left join (select id, unnest(event_ids) as event_id from event_pending) as p on p.event_id = e.id
 group by e.id having count(f.position) + count(p.id) <> 1 limit 1000)
union all
(select 'each_position_has_its_event', f.position::text, format('there is no event %s', f.event_id)
 from placed as f where not exists (select from outbox_events as e where e.id = f.event_id) limit 1000)
union all
(select 'feed_follows_versions', o.position::text, format('version %s of %s comes after version %s', o.version, o.aggregate, o.before)
 from (select f.position, e.aggregate_type || ' ' || e.aggregate_id as aggregate, e.aggregate_version as version,
              lag(e.aggregate_version) over (partition by e.aggregate_type, e.aggregate_id, e.location_id order by f.position) as before
       from placed as f join outbox_events as e on e.id = f.event_id) as o
 where o.version < o.before limit 1000)
