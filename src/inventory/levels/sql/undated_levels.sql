-- Levels that do not say until when their goods are good, because a lot became known with its expiry at another
-- location.
select s.location_id, s.variant_id
from lots as l
join lot_balances as b on b.lot_id = l.id and b.condition = 'sellable' and b.quantity > 0
join stock_levels as s on s.location_id = b.location_id and s.variant_id = b.variant_id
where l.expires_on is not null and l.version > 1 and l.updated_at > statement_timestamp() - interval '1 day'
  and not exists (select from jsonb_array_elements(s.dated) as d where (d ->> 0)::date = l.expires_on)
group by s.location_id, s.variant_id
order by s.location_id, s.variant_id
limit $1
