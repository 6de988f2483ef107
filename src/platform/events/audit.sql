-- The feed has each committed event once, without gaps, and those of one record in order of its version.
(select 'feed_has_no_gaps' as invariant, f.position::text as subject,
        format('it follows position %s', f.before) as detail
 from (select position, lag(position, 1, (select deleted_to from event_head)) over (order by position) as before from event_feed) as f
 where f.position <> f.before + 1 limit 1000)
union all
(select 'feed_ends_at_its_head', h.position::text, format('the last position given is %s', coalesce(max(f.position), h.deleted_to))
 from event_head as h left join event_feed as f on true group by h.position, h.deleted_to
 having coalesce(max(f.position), h.deleted_to) <> h.position)
union all
(select 'each_event_is_told_once', e.id::text, format('%s positions, pending %s times', count(f.position), count(p.id))
 from outbox_events as e
 left join event_feed as f on f.event_id = e.id
 left join (select id, unnest(event_ids) as event_id from event_pending) as p on p.event_id = e.id
 group by e.id having count(f.position) + count(p.id) <> 1 limit 1000)
union all
(select 'feed_follows_versions', o.position::text, format('version %s of %s comes after version %s', o.version, o.aggregate, o.before)
 from (select f.position, e.aggregate_type || ' ' || e.aggregate_id as aggregate, e.aggregate_version as version,
              lag(e.aggregate_version) over (partition by e.aggregate_type, e.aggregate_id, e.location_id order by f.position) as before
       from event_feed as f join outbox_events as e on e.id = f.event_id) as o
 where o.version < o.before limit 1000)
