-- What is on its way is what transfers say, in the levels and in the ledger; what arrived is what receipts say; a count
-- was booked if it was approved.
(select 'in_transit_equals_transfers' as invariant, coalesce(l.location_id, t.location_id) || '/' || coalesce(l.variant_id, t.variant_id) as subject,
        format('the level says %s, transfers say %s', coalesce(l.in_transit, 0), coalesce(t.units, 0)) as detail
 from stock_levels as l
 full join (
     select h.to_location_id as location_id, n.variant_id, sum(n.shipped - n.received - n.damaged - n.lost) as units
     from transfers as h join transfer_lines as n on n.transfer_id = h.id
     group by h.to_location_id, n.variant_id
 ) as t on t.location_id = l.location_id and t.variant_id = l.variant_id
 where coalesce(l.in_transit, 0) <> coalesce(t.units, 0) limit 1000)
union all
(select 'transit_equals_ledger', coalesce(t.transfer_id, m.cause_id) || '/' || coalesce(t.variant_id, m.variant_id),
        format('%s on their way, the ledger has %s', coalesce(t.units, 0), coalesce(m.units, 0))
 from (select transfer_id, variant_id, shipped - received - damaged - lost as units from transfer_lines where shipped > 0) as t
 full join (
     select cause_id, variant_id,
            sum(case when to_node = 'transit' then quantity else 0 end - case when from_node = 'transit' then quantity else 0 end) as units
     from stock_moves where to_node = 'transit' or from_node = 'transit' group by cause_id, variant_id
 ) as m on m.cause_id = t.transfer_id and m.variant_id = t.variant_id
 where coalesce(t.units, 0) <> coalesce(m.units, 0) limit 1000)
union all
(select 'lots_on_their_way_equal_ledger', coalesce(t.transfer_id, m.cause_id) || '/' || coalesce(t.lot_id, m.lot_id),
        format('%s on their way, the ledger has %s', coalesce(t.units, 0), coalesce(m.units, 0))
 from (select transfer_id, lot_id, shipped - received - damaged - lost as units from transfer_lots) as t
 full join (
     select cause_id, lot_id,
            sum(case when to_node = 'transit' then quantity else 0 end - case when from_node = 'transit' then quantity else 0 end) as units
     from stock_moves where (to_node = 'transit' or from_node = 'transit') and lot_id is not null group by cause_id, lot_id
 ) as m on m.cause_id = t.transfer_id and m.lot_id = t.lot_id
 where coalesce(t.units, 0) <> coalesce(m.units, 0) limit 1000)
union all
(select 'lots_fit_their_transfer', l.transfer_id || '/' || l.variant_id, format('lots make up %s of %s shipped', o.shipped, l.shipped)
 from transfer_lines as l
 join (select transfer_id, variant_id, sum(shipped) as shipped, sum(received) as received, sum(damaged) as damaged, sum(lost) as lost
       from transfer_lots group by transfer_id, variant_id) as o on o.transfer_id = l.transfer_id and o.variant_id = l.variant_id
 where o.shipped > l.shipped or o.received > l.received or o.damaged > l.damaged or o.lost > l.lost limit 1000)
union all
(select 'orders_received_what_receipts_say', l.purchase_order_id || '/' || l.variant_id,
        format('received %s and rejected %s, receipts say %s and %s', l.received, l.rejected, coalesce(r.accepted, 0), coalesce(r.rejected, 0))
 from purchase_order_lines as l
 left join (
     select h.purchase_order_id, n.variant_id, sum(n.accepted) as accepted, sum(n.rejected) as rejected
     from receipts as h join receipt_lines as n on n.receipt_id = h.id
     group by h.purchase_order_id, n.variant_id
 ) as r on r.purchase_order_id = l.purchase_order_id and r.variant_id = l.variant_id
 where l.received <> coalesce(r.accepted, 0) or l.rejected <> coalesce(r.rejected, 0) limit 1000)
union all
(select 'receipts_are_in_the_ledger', coalesce(r.receipt_id, m.cause_id)::text,
        format('%s accepted of %s, the ledger has %s', coalesce(r.units, 0), coalesce(r.variant_id, m.variant_id), coalesce(m.units, 0))
 from (select receipt_id, variant_id, lot_id, sum(accepted) as units from receipt_lines where accepted > 0
       group by receipt_id, variant_id, lot_id) as r
 full join (select cause_id, variant_id, lot_id, sum(quantity) as units from stock_moves where cause_type = 'receipt'
            group by cause_id, variant_id, lot_id) as m
     on m.cause_id = r.receipt_id and m.variant_id = r.variant_id and m.lot_id is not distinct from r.lot_id
 where coalesce(r.units, 0) <> coalesce(m.units, 0) limit 1000)
union all
(select 'approved_counts_are_booked', coalesce(c.count_id, m.cause_id)::text,
        format('a variance of %s of %s, the ledger has %s', coalesce(c.units, 0), coalesce(c.variant_id, m.variant_id), coalesce(m.units, 0))
 from (select n.count_id, n.variant_id, n.lot_id, n.counted - n.expected as units
       from stock_counts as h join stock_count_lines as n on n.count_id = h.id
       where h.status = 'approved' and n.counted <> n.expected) as c
 full join (select cause_id, variant_id, lot_id, sum(case when from_node <> 'location' then quantity
                                                                when to_node <> 'location' then -quantity else 0 end) as units
            from stock_moves where cause_type = 'count' group by cause_id, variant_id, lot_id) as m
     on m.cause_id = c.count_id and m.variant_id = c.variant_id and m.lot_id is not distinct from c.lot_id
 where coalesce(c.units, 0) <> coalesce(m.units, 0) limit 1000)
