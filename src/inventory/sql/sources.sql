-- Locations that have something of what is wanted: those that have the most of it, in order of priority.
select id
from (
    select l.id, l.priority,
           sum(least(w.units, s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated - s.reserved
                              - s.safety_stock)) as units
    from locations as l
    join stock_levels as s on s.location_id = l.id
    join unnest($1::uuid[], $2::integer[]) as w (variant_id, units) on w.variant_id = s.variant_id
    where ($3::uuid[] is null or l.id = any ($3))
      and s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated - s.reserved - s.safety_stock > 0
    group by l.id, l.priority
    order by units desc, l.priority, l.id
    limit $4
) as found
order by priority, id
