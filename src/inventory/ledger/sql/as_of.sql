-- A location's stock as it was at a moment, in order of variant: the last closing before it, the moves since, and those
-- that were told later of what had happened by then.
with page as (
    select l.variant_id
    from stock_levels as l
    where l.location_id = $1
      and ($2::uuid is null or l.variant_id > $2)
      and ($3::uuid[] is null or l.variant_id = any ($3))
    order by l.variant_id
    limit $4
)
select p.variant_id,
       (coalesce(c.on_hand, 0) + m.on_hand)::integer as on_hand,
       (coalesce(c.damaged, 0) + m.damaged)::integer as damaged,
       (coalesce(c.quality_hold, 0) + m.quality_hold)::integer as quality_hold,
       (coalesce(c.returned, 0) + m.returned)::integer as returned,
       (coalesce(c.expired, 0) + m.expired)::integer as expired
from page as p
left join lateral (
    select * from stock_closings as s
    where s.location_id = $1 and s.variant_id = p.variant_id and s.day < ($5::timestamptz at time zone 'UTC')::date
    order by s.day desc
    limit 1
) as c on true
cross join lateral (
    select coalesce(sum(e.units), 0) as on_hand,
           coalesce(sum(e.units) filter (where e.condition = 'damaged'), 0) as damaged,
           coalesce(sum(e.units) filter (where e.condition = 'quality_hold'), 0) as quality_hold,
           coalesce(sum(e.units) filter (where e.condition = 'returned'), 0) as returned,
           coalesce(sum(e.units) filter (where e.condition = 'expired'), 0) as expired
    from (
    select e.units, e.condition
    from stock_ends as e
    where e.location_id = $1
      and e.variant_id = p.variant_id
      and e.recorded_at >= coalesce((c.day + 1)::timestamp at time zone 'UTC', '-infinity')
      and e.recorded_at <= $5
    union all
    select e.units, e.condition
    from stock_ends as e
    where e.location_id = $1
      and e.variant_id = p.variant_id
      and e.occurred_at < e.recorded_at
      and e.recorded_at > $5
      and e.recorded_at <= $6
      and e.occurred_at <= $5
) as e
) as m
order by p.variant_id
