-- Locations, none of which is opened or closed until the transaction ends, and the day that it is there at a moment.
select id, closed_at is not null as is_closed, ($2 at time zone time_zone)::date as today
from locations
where id = any ($1)
order by id
for share
