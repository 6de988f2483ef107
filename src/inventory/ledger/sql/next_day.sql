-- The first day that is not closed, if all its moves are in: it ended an hour ago at least.
select n.day
from (
    select coalesce(
        (select max(day) + 1 from stock_days),
        (select (min(recorded_at) at time zone 'UTC')::date from stock_moves)) as day
) as n
where (n.day + 1)::timestamp at time zone 'UTC' + interval '1 hour' <= $1
