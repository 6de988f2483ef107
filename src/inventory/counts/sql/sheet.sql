-- What the books say of a place, lot by lot; what has no lot, or came without one, on a line of its own.
select s.variant_id, s.lot_id, s.units
from (
    select l.variant_id, null::uuid as lot_id, l.on_hand - coalesce(b.units, 0)::integer as units, l.has_lots
    from stock_levels as l
    left join lateral (
        select sum(quantity) as units from lot_balances as o
        where l.has_lots and o.location_id = l.location_id and o.variant_id = l.variant_id
    ) as b on true
    where l.location_id = $1
    union all
    select b.variant_id, b.lot_id, sum(b.quantity)::integer, true
    from lot_balances as b
    where b.location_id = $1
    group by b.variant_id, b.lot_id
) as s
where (s.units > 0 or not s.has_lots) and ($2::uuid[] is null or s.variant_id = any ($2))
order by s.variant_id, s.lot_id nulls first
limit $3
