-- Goods whose day has come where they are: the last day of their lot has passed, or comes so soon that they are sold
-- nowhere any more.
select b.location_id, b.variant_id, b.lot_id, d.today
from lot_balances as b
join lots as l on l.id = b.lot_id
join locations as p on p.id = b.location_id
cross join lateral (select ($1::timestamptz at time zone p.time_zone)::date as today) as d
where l.status = 'released'
  and l.expires_on < ($1 at time zone 'UTC')::date + $2 + 2
  and b.quantity > 0
  and (b.condition = 'sellable' and l.expires_on < d.today + $2
       or b.condition in ('sellable', 'quality_hold') and l.expires_on < d.today)
group by b.location_id, b.variant_id, b.lot_id, d.today
order by b.location_id, b.variant_id, b.lot_id
limit $3
