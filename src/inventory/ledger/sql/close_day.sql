-- Closes a day: what each level that moved on it had when it ended, from its last closing and the moves of the day.
with closed as (
    insert into stock_days (day, closed_at) values ($1::date, clock_timestamp()) returning day
), moved as (
    select e.location_id, e.variant_id,
           sum(e.units) as on_hand,
           coalesce(sum(e.units) filter (where e.condition = 'damaged'), 0) as damaged,
           coalesce(sum(e.units) filter (where e.condition = 'quality_hold'), 0) as quality_hold,
           coalesce(sum(e.units) filter (where e.condition = 'returned'), 0) as returned,
           coalesce(sum(e.units) filter (where e.condition = 'expired'), 0) as expired
    from stock_ends as e, closed as d
    where e.recorded_at >= d.day::timestamp at time zone 'UTC'
      and e.recorded_at < (d.day + 1)::timestamp at time zone 'UTC'
    group by e.location_id, e.variant_id
)
insert into stock_closings (location_id, variant_id, day, on_hand, damaged, quality_hold, returned, expired)
select m.location_id, m.variant_id, d.day, m.on_hand + coalesce(c.on_hand, 0), m.damaged + coalesce(c.damaged, 0),
       m.quality_hold + coalesce(c.quality_hold, 0), m.returned + coalesce(c.returned, 0), m.expired + coalesce(c.expired, 0)
from moved as m
cross join closed as d
left join lateral (
    select * from stock_closings as s
    where s.location_id = m.location_id and s.variant_id = m.variant_id
    order by s.day desc
    limit 1
) as c on true
