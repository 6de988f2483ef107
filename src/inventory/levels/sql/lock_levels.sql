-- Locks stock rows in (location, variant) order. The keys of a row never change, so the order is stable. Where goods
-- expire, and wherever lots are moved, with the day that it is at the location.
select s.*,
       case when s.dated is not null or $4
            then (select (coalesce($3, statement_timestamp()) at time zone l.time_zone)::date
                  from locations as l where l.id = s.location_id)
       end as today
from unnest($1::uuid[], $2::uuid[]) as w (location_id, variant_id)
join stock_levels as s on s.location_id = w.location_id and s.variant_id = w.variant_id
order by s.location_id, s.variant_id
for no key update of s
