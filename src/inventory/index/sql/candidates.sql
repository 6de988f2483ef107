-- Of the open locations, those where every wanted variant seems to be there in the wanted number, nearest priority
-- first.
select l.id
from open_locations as l
join stock_levels as s on s.location_id = l.id
join unnest($1::uuid[], $2::integer[]) as w (variant_id, units) on w.variant_id = s.variant_id
where s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated - s.reserved - s.safety_stock
      - case when s.dated is null then 0 else coalesce((
            select sum((d ->> 1)::integer) from jsonb_array_elements(s.dated) as d
            where (d ->> 0)::date < ($7 at time zone l.time_zone)::date + $8), 0) end
      - w.units >= -s.backorder_limit
group by l.id, l.priority
having count(*) = cardinality($1::uuid[])
order by l.priority, l.id
limit $4
