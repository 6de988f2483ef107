-- Locations that send to a place, or all that are named, and can take another order today (what tills sold, held for no
-- time at all, is not packed). The statement that follows chooses among them.
with open_locations as (
    select l.id, l.priority, l.time_zone
    from locations as l
    where l.closed_at is null and ($3::uuid[] is null or l.id = any ($3)) and l.id <> all ($9::uuid[])
      and (cardinality(l.ships_to) = 0 or $5::text is null or $6 = any (l.ships_to))
      and case when l.daily_orders is null then true
               else l.daily_orders > (
                   select count(distinct r.order_id) from reservations as r
                   where r.location_id = l.id and r.order_id is not null and not r.is_replaced
                     and r.status in ('active', 'converted') and r.expires_at > r.created_at
                     and r.created_at >= date_trunc('day', $7 at time zone l.time_zone) at time zone l.time_zone)
          end
)
