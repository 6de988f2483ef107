-- Sets the counters of every level to what the ledger, the holds and the promises say, and tells which have changed.
with counted as (
    select location_id, variant_id, condition as counter, units from stock_ends
    union all
    select location_id, variant_id, 'on_hand', units from stock_ends
    union all
    select location_id, variant_id, 'costed', units from stock_ends where unit_cost is not null
    union all
    select location_id, variant_id, 'costed', units - costed_before from cost_changes
    union all
    select r.location_id, rl.variant_id, 'reserved', rl.quantity
    from reservations as r join reservation_lines as rl on rl.reservation_id = r.id where r.status = 'active'
    union all
    select location_id, variant_id, 'allocated', quantity from allocations where status = 'open'
), sums as (
    select location_id, variant_id,
           coalesce(sum(units) filter (where counter = 'on_hand'), 0) as on_hand,
           coalesce(sum(units) filter (where counter = 'costed'), 0) as costed,
           coalesce(sum(units) filter (where counter = 'damaged'), 0) as damaged,
           coalesce(sum(units) filter (where counter = 'quality_hold'), 0) as quality_hold,
           coalesce(sum(units) filter (where counter = 'returned'), 0) as returned,
           coalesce(sum(units) filter (where counter = 'expired'), 0) as expired,
           coalesce(sum(units) filter (where counter = 'reserved'), 0) as reserved,
           coalesce(sum(units) filter (where counter = 'allocated'), 0) as allocated
    from counted group by location_id, variant_id
), wanted as (
    select l.location_id, l.variant_id, coalesce(s.on_hand, 0) as on_hand, coalesce(s.costed, 0) as costed,
           coalesce(s.damaged, 0) as damaged,
           coalesce(s.quality_hold, 0) as quality_hold, coalesce(s.returned, 0) as returned,
           coalesce(s.expired, 0) as expired, coalesce(s.reserved, 0) as reserved, coalesce(s.allocated, 0) as allocated
    from stock_levels as l
    left join sums as s on s.location_id = l.location_id and s.variant_id = l.variant_id
), mended as (
    update stock_levels as l
    set on_hand = w.on_hand, costed = w.costed,
        -- An average that was lost is the last at which goods moved.
        average_cost = case when w.costed > 0 then coalesce(l.average_cost, (
            select e.unit_cost from stock_ends as e
            where e.location_id = l.location_id and e.variant_id = l.variant_id and e.unit_cost is not null
            order by e.recorded_at desc, e.move_id desc limit 1), 0) else l.average_cost end,
        damaged = w.damaged, quality_hold = w.quality_hold, returned = w.returned,
        expired = w.expired, reserved = w.reserved, allocated = w.allocated, version = l.version + 1
    from wanted as w
    where l.location_id = w.location_id and l.variant_id = w.variant_id
      and (l.on_hand, l.costed, l.damaged, l.quality_hold, l.returned, l.expired, l.reserved, l.allocated)
          is distinct from
          (w.on_hand, w.costed, w.damaged, w.quality_hold, w.returned, w.expired, w.reserved, w.allocated)
    returning l.location_id, l.variant_id, l.on_hand, l.reserved, l.allocated
), made as (
    insert into stock_levels
        (location_id, variant_id, on_hand, costed, average_cost, damaged, quality_hold, returned, expired, reserved, allocated, version)
    select s.location_id, s.variant_id, s.on_hand, s.costed,
           case when s.costed > 0 then coalesce((
               select e.unit_cost from stock_ends as e
               where e.location_id = s.location_id and e.variant_id = s.variant_id and e.unit_cost is not null
               order by e.recorded_at desc, e.move_id desc limit 1), 0) end,
           s.damaged, s.quality_hold, s.returned, s.expired, s.reserved,
           s.allocated, 1
    from sums as s
    where not exists (select from stock_levels as l where l.location_id = s.location_id and l.variant_id = s.variant_id)
      and s.on_hand + s.reserved + s.allocated > 0
    returning location_id, variant_id, on_hand, reserved, allocated
)
select 'mended' as invariant, location_id || '/' || variant_id as subject,
       format('on_hand is now %s, reserved %s, allocated %s', on_hand, reserved, allocated) as detail
from (select * from mended union all select * from made) as m
order by location_id, variant_id
