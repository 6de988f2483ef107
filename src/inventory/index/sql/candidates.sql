-- Of those that send there and can take another order today (what tills sold, held for no time at all, is not packed):
-- locations where every wanted variant seems to be there in the wanted number, nearest priority first.
select l.id
from locations as l
join stock_levels as s on s.location_id = l.id
join unnest($1::uuid[], $2::integer[]) as w (variant_id, units) on w.variant_id = s.variant_id
where l.closed_at is null and ($3::uuid[] is null or l.id = any ($3)) and l.id <> all ($9::uuid[])
  and (cardinality(l.ships_to) = 0 or $5::text is null or $6 = any (l.ships_to))
  and case when l.daily_orders is null then true
           else l.daily_orders > (
               select count(distinct r.order_id) from reservations as r
               where r.location_id = l.id and r.order_id is not null and not r.is_replaced
                 and r.status in ('active', 'converted') and r.expires_at > r.created_at
                 and r.created_at >= date_trunc('day', $7 at time zone l.time_zone) at time zone l.time_zone)
      end
  and s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated - s.reserved - s.safety_stock
      - case when s.dated is null then 0 else coalesce((
            select sum((d ->> 1)::integer) from jsonb_array_elements(s.dated) as d
            where (d ->> 0)::date < ($7 at time zone l.time_zone)::date + $8), 0) end
      - w.units >= -s.backorder_limit
group by l.id, l.priority
having count(*) = cardinality($1::uuid[])
order by l.priority, l.id
limit $4
