-- Of locations that take so many orders a day: how many orders they are to pack today. Sales of tills, which are held
-- for no time at all, need no packing.
select l.id, l.daily_orders,
       (select count(distinct r.order_id) from reservations as r
        where r.location_id = l.id and r.order_id is not null and not r.is_replaced
          and r.status in ('active', 'converted') and r.expires_at > r.created_at
          and r.created_at >= date_trunc('day', $2 at time zone l.time_zone) at time zone l.time_zone)::integer as taken
from locations as l
where l.id = any ($1::uuid[])
