-- The brands and categories of products, with the categories above those.
with recursive named (id) as (
    select unnest(array[p.brand_id, p.category_id]) from products as p where p.id = any ($1)
    union
    select g.parent_id from catalog_groups as g join named as n on n.id = g.id where g.parent_id is not null
)
select distinct id from named where id is not null
