-- reserved equals the active holds, allocated the open allocations, and available is never below its limit.
with held as (
    select r.location_id, rl.variant_id, sum(rl.quantity) as units
    from reservations as r join reservation_lines as rl on rl.reservation_id = r.id
    where r.status = 'active' group by r.location_id, rl.variant_id
), promised as (
    select location_id, variant_id, sum(quantity) as units
    from allocations where status = 'open' group by location_id, variant_id
), compared as (
    select l.location_id, l.variant_id, l.reserved, l.allocated,
           coalesce(h.units, 0) as held, coalesce(p.units, 0) as promised,
           l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired - l.allocated - l.reserved
               - l.safety_stock as available, l.backorder_limit, l.uncovered
    from stock_levels as l
    left join held as h on h.location_id = l.location_id and h.variant_id = l.variant_id
    left join promised as p on p.location_id = l.location_id and p.variant_id = l.variant_id
), orphans as (
    select h.location_id, h.variant_id, h.units from held as h
    where not exists (select 1 from stock_levels as l where l.location_id = h.location_id and l.variant_id = h.variant_id)
    union all
    select p.location_id, p.variant_id, p.units from promised as p
    where not exists (select 1 from stock_levels as l where l.location_id = p.location_id and l.variant_id = p.variant_id)
)
(select 'reserved_equals_active_holds' as invariant, location_id || '/' || variant_id as subject,
        format('reserved is %s, active holds add up to %s', reserved, held) as detail
 from compared where reserved <> held limit 1000)
union all
(select 'allocated_equals_open_allocations', location_id || '/' || variant_id,
        format('allocated is %s, open allocations add up to %s', allocated, promised)
 from compared where allocated <> promised limit 1000)
union all
(select 'available_never_below_limit', location_id || '/' || variant_id,
        format('available is %s, the limit is %s, uncovered are %s', available, -backorder_limit, uncovered)
 from compared where available < -backorder_limit - uncovered limit 1000)
union all
(select 'promises_have_a_level', location_id || '/' || variant_id, format('%s units without a stock level', units)
 from orphans limit 1000)
