-- Where lots are, at the locations one may see.
select b.lot_id, b.location_id,
       coalesce(sum(b.quantity) filter (where b.condition = 'sellable'), 0)::integer as sellable,
       coalesce(sum(b.quantity) filter (where b.condition = 'damaged'), 0)::integer as damaged,
       coalesce(sum(b.quantity) filter (where b.condition = 'quality_hold'), 0)::integer as quality_hold,
       coalesce(sum(b.quantity) filter (where b.condition = 'returned'), 0)::integer as returned,
       coalesce(sum(b.quantity) filter (where b.condition = 'expired'), 0)::integer as expired
from lot_balances as b
where b.lot_id = any ($1::uuid[]) and b.quantity > 0 and ($2::uuid[] is null or b.location_id = any ($2))
group by b.lot_id, b.location_id
order by b.lot_id, b.location_id
