-- The units of each wanted variant at open locations, less what is left to others: for each variant those locations
-- that have most of it, in order of priority, with what all of them have.
select id, line, units, total
from (
    select l.id, l.priority, w.line, least(w.units, f.units)::integer as units,
           least(sum(f.units) over (partition by w.line), 2147483647)::bigint as total,
           row_number() over (partition by w.line order by least(w.units, f.units) desc, l.priority, l.id) as rank
    from open_locations as l
    join stock_levels as s on s.location_id = l.id
    join unnest($1::uuid[], $2::integer[]) with ordinality as w (variant_id, units, line) on w.variant_id = s.variant_id
    cross join lateral (
        select s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated - s.reserved - s.safety_stock - $10
               - case when s.dated is null then 0 else coalesce((
                   select sum((d ->> 1)::integer) from jsonb_array_elements(s.dated) as d
                   where (d ->> 0)::date < ($7 at time zone l.time_zone)::date + $8), 0) end as units
    ) as f
    where f.units > 0
) as found
where rank <= $4
order by priority, id, line
