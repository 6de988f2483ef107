-- Categories with all below each: $1 are their ids.
with recursive below as (
    select id as top, id from catalog_groups where id = any ($1)
    union all
    select b.top, g.id from below as b join catalog_groups as g on g.parent_id = b.id
)
select top, id from below
