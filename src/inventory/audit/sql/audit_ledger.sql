-- Levels equal the ledger, in every condition: what came in less what went out.
with booked as (
    select location_id, variant_id,
           sum(units) as on_hand,
           coalesce(sum(units) filter (where condition = 'damaged'), 0) as damaged,
           coalesce(sum(units) filter (where condition = 'quality_hold'), 0) as quality_hold,
           coalesce(sum(units) filter (where condition = 'returned'), 0) as returned,
           coalesce(sum(units) filter (where condition = 'expired'), 0) as expired
    from stock_ends group by location_id, variant_id
)
select 'levels_equal_ledger' as invariant,
       coalesce(l.location_id, b.location_id)::text || '/' || coalesce(l.variant_id, b.variant_id)::text as subject,
       format('level has on_hand %s, damaged %s, quality_hold %s, returned %s, expired %s; ledger has %s, %s, %s, %s, %s',
              l.on_hand, l.damaged, l.quality_hold, l.returned, l.expired,
              b.on_hand, b.damaged, b.quality_hold, b.returned, b.expired) as detail
from stock_levels as l
full join booked as b on b.location_id = l.location_id and b.variant_id = l.variant_id
where (coalesce(l.on_hand, 0), coalesce(l.damaged, 0), coalesce(l.quality_hold, 0), coalesce(l.returned, 0), coalesce(l.expired, 0))
      is distinct from
      (coalesce(b.on_hand, 0), coalesce(b.damaged, 0), coalesce(b.quality_hold, 0), coalesce(b.returned, 0), coalesce(b.expired, 0))
limit 1000
