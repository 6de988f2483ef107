-- A category and all below it: $1 is its id.
with recursive below as (
    select id from catalog_groups where id = $1
    union all
    select g.id from below as b join catalog_groups as g on g.parent_id = b.id
)
select id from below
