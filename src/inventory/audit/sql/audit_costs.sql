-- The units of a known cost are among those on hand, and as many as the ledger and the costs that were set say.
with booked as (
    select location_id, variant_id, sum(units) as units
    from (
        select location_id, variant_id, units from stock_ends where unit_cost is not null
        union all
        select location_id, variant_id, units - costed_before from cost_changes
    ) as b
    group by location_id, variant_id
)
select 'cost_layers_equal_on_hand' as invariant, location_id || '/' || variant_id as subject,
       format('%s of %s on hand have a known cost; the average is %s', costed, on_hand, coalesce(average_cost::text, 'unknown')) as detail
from stock_levels
where costed < 0 or costed > on_hand or (costed > 0 and average_cost is null) or average_cost < 0
union all
select 'costed_units_equal_ledger', coalesce(l.location_id, b.location_id) || '/' || coalesce(l.variant_id, b.variant_id),
       format('the level has %s units of a known cost, the ledger %s', l.costed, b.units)
from stock_levels as l
full join booked as b on b.location_id = l.location_id and b.variant_id = l.variant_id
where coalesce(l.costed, 0) <> coalesce(b.units, 0)
limit 1000
