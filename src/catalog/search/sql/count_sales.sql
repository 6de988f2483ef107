-- Counts the units of products that were sold lately, and marks those whose number has changed for all instances.
with sold as (
    select v.product_id, sum(s.units)::bigint as units
    from unnest($1::uuid[], $2::bigint[]) as s (variant_id, units)
    join variants as v on v.id = s.variant_id
    group by v.product_id
)
update product_facts as d
set popularity = coalesce(s.units, 0), revision = nextval('product_facts_revision')
from product_facts as o
left join sold as s on s.product_id = o.product_id
where d.product_id = o.product_id and d.popularity is distinct from coalesce(s.units, 0)
