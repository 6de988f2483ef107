-- The prices of the parts of bundles added up, in each channel and currency in which all parts have one and the sum is
-- an amount that can be written.
select b.bundle_id, p.channel, p.currency, sum(p.amount_minor::numeric * b.quantity)::bigint as sum_minor
from bundle_components as b
join prices as p on p.variant_id = b.component_id
where b.bundle_id = any ($1)
group by b.bundle_id, p.channel, p.currency
having count(*) = (select count(*) from bundle_components as c where c.bundle_id = b.bundle_id)
   and sum(p.amount_minor::numeric * b.quantity) <= 9007199254740991
order by b.bundle_id, p.channel, p.currency
