-- Units of lots are where the ledger says, no more than the levels have, and never for sale once a lot is held back.
(select 'lots_equal_ledger' as invariant, coalesce(b.location_id, e.location_id) || '/' || coalesce(b.lot_id, e.lot_id) as subject,
        format('%s %s, the ledger has %s', coalesce(b.quantity, 0), coalesce(b.condition, e.condition), coalesce(e.units, 0)) as detail
 from lot_balances as b
 full join (
     select location_id, variant_id, lot_id, condition, sum(units) as units
     from stock_ends where lot_id is not null group by location_id, variant_id, lot_id, condition
 ) as e on e.location_id = b.location_id and e.variant_id = b.variant_id and e.lot_id = b.lot_id and e.condition = b.condition
 where coalesce(b.quantity, 0) <> coalesce(e.units, 0) limit 1000)
union all
(select 'lots_fit_levels', s.location_id || '/' || s.variant_id,
        format('%s units in lots are %s, the level has %s', s.units, s.condition, coalesce(
            case s.condition
                when 'damaged' then l.damaged when 'quality_hold' then l.quality_hold
                when 'returned' then l.returned when 'expired' then l.expired
                else l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired
            end, 0))
 from (select location_id, variant_id, condition, sum(quantity) as units
       from lot_balances group by location_id, variant_id, condition) as s
 left join stock_levels as l on l.location_id = s.location_id and l.variant_id = s.variant_id
 where s.units > coalesce(
     case s.condition
         when 'damaged' then l.damaged when 'quality_hold' then l.quality_hold
         when 'returned' then l.returned when 'expired' then l.expired
         else l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired
     end, 0) limit 1000)
union all
(select 'levels_know_their_lots', l.location_id || '/' || l.variant_id, 'it has lots and does not say so'
 from stock_levels as l
 where not l.has_lots
   and exists (select from lot_balances as b where b.location_id = l.location_id and b.variant_id = l.variant_id) limit 1000)
union all
(select 'lots_are_of_their_variant', b.lot_id::text, format('it lies as %s and is of %s', b.variant_id, l.variant_id)
 from lot_balances as b join lots as l on l.id = b.lot_id where l.variant_id <> b.variant_id limit 1000)
union all
(select 'lots_held_back_are_not_for_sale', b.location_id || '/' || b.lot_id, format('%s units of a %s lot are for sale', b.quantity, l.status)
 from lot_balances as b join lots as l on l.id = b.lot_id
 where l.status <> 'released' and b.condition = 'sellable' and b.quantity > 0 limit 1000)
union all
(select 'uncovered_is_what_is_missing', l.location_id || '/' || l.variant_id, format('%s are uncovered', l.uncovered)
 from stock_levels as l
 where l.uncovered > greatest(0, -(l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired - l.allocated - l.reserved
                                   - l.safety_stock) - l.backorder_limit) limit 1000)
union all
(select 'levels_know_until_when', s.location_id || '/' || s.variant_id, format('it says %s, its lots are good until %s', s.dated, d.dated)
 from stock_levels as s
 left join (
     select location_id, variant_id, jsonb_agg(jsonb_build_array(expires_on, units) order by expires_on) as dated
     from (select b.location_id, b.variant_id, l.expires_on, sum(b.quantity) as units
           from lot_balances as b join lots as l on l.id = b.lot_id
           where b.condition = 'sellable' and b.quantity > 0 and l.expires_on is not null
           group by b.location_id, b.variant_id, l.expires_on) as each
     group by location_id, variant_id
 ) as d on d.location_id = s.location_id and d.variant_id = s.variant_id
 where coalesce(s.dated, '[]') <> coalesce(d.dated, '[]')
   -- What has just become known elsewhere is written by a job.
   and not exists (select from lot_balances as b join lots as l on l.id = b.lot_id
                   where b.location_id = s.location_id and b.variant_id = s.variant_id
                     and l.version > 1 and l.updated_at > statement_timestamp() - interval '1 hour') limit 1000)
