-- Closings equal the ledger up to the end of their day, and no level that moved on a closed day is without one.
with daily as (
    select location_id, variant_id, (recorded_at at time zone 'UTC')::date as day,
           sum(units) as on_hand,
           coalesce(sum(units) filter (where condition = 'damaged'), 0) as damaged,
           coalesce(sum(units) filter (where condition = 'quality_hold'), 0) as quality_hold,
           coalesce(sum(units) filter (where condition = 'returned'), 0) as returned,
           coalesce(sum(units) filter (where condition = 'expired'), 0) as expired
    from stock_ends
    group by 1, 2, 3
), running as (
    select location_id, variant_id, day, sum(on_hand) over w as on_hand, sum(damaged) over w as damaged,
           sum(quality_hold) over w as quality_hold, sum(returned) over w as returned, sum(expired) over w as expired
    from daily
    window w as (partition by location_id, variant_id order by day)
), due as (
    select r.* from running as r join stock_days as d on d.day = r.day
)
select 'closings_equal_ledger' as invariant,
       format('%s/%s on %s', coalesce(c.location_id, d.location_id), coalesce(c.variant_id, d.variant_id), coalesce(c.day, d.day)) as subject,
       format('closed with %s on hand, the ledger has %s', c.on_hand, d.on_hand) as detail
from due as d
full join stock_closings as c on c.location_id = d.location_id and c.variant_id = d.variant_id and c.day = d.day
where (c.on_hand, c.damaged, c.quality_hold, c.returned, c.expired)
      is distinct from
      (d.on_hand, d.damaged, d.quality_hold, d.returned, d.expired)
limit 1000
