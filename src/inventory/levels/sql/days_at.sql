-- The day that it is at each location at a moment.
select id, ($2 at time zone time_zone)::date as today from locations where id = any ($1)
