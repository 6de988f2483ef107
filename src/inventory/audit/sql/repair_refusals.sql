-- Why counters cannot be rebuilt: the ledger, the holds and the promises do not themselves add up to possible stock.
with booked as (
    select location_id, variant_id, condition, sum(units) as units
    from stock_ends group by location_id, variant_id, condition
), totals as (
    select location_id, variant_id, sum(units) as on_hand,
           coalesce(sum(units) filter (where condition <> 'sellable'), 0) as apart
    from booked group by location_id, variant_id
), costed as (
    select location_id, variant_id, sum(units) as units
    from (
        select location_id, variant_id, units from stock_ends where unit_cost is not null
        union all
        select location_id, variant_id, units - costed_before from cost_changes
    ) as c group by location_id, variant_id
), promised as (
    select location_id, variant_id, sum(units) as units
    from (
        select r.location_id, rl.variant_id, rl.quantity as units
        from reservations as r join reservation_lines as rl on rl.reservation_id = r.id where r.status = 'active'
        union all
        select location_id, variant_id, quantity from allocations where status = 'open'
    ) as p group by location_id, variant_id
)
(select 'ledger_is_possible' as invariant, location_id || '/' || variant_id as subject,
        format('the ledger has %s units in the state %s', units, condition) as detail
 from booked where units < 0 and condition <> 'sellable' limit 100)
union all
(select 'ledger_is_possible', location_id || '/' || variant_id, format('the ledger has %s on hand, %s of it apart', on_hand, apart)
 from totals where on_hand < 0 or apart > on_hand limit 100)
union all
(select 'promises_fit_the_ledger', p.location_id || '/' || p.variant_id,
        format('%s are promised, the ledger has %s that may be sold', p.units, coalesce(t.on_hand - t.apart, 0))
 from promised as p
 left join totals as t on t.location_id = p.location_id and t.variant_id = p.variant_id
 left join stock_levels as l on l.location_id = p.location_id and l.variant_id = p.variant_id
 where p.units > coalesce(t.on_hand - t.apart, 0) - coalesce(l.safety_stock, 0) + coalesce(l.backorder_limit, 0)
                 + coalesce(l.uncovered, 0) limit 100)
union all
(select 'costs_fit_the_ledger', c.location_id || '/' || c.variant_id,
        format('the ledger has %s units of a known cost, and %s on hand', c.units, coalesce(t.on_hand, 0))
 from costed as c
 left join totals as t on t.location_id = c.location_id and t.variant_id = c.variant_id
 where c.units not between 0 and coalesce(t.on_hand, 0) limit 100)
