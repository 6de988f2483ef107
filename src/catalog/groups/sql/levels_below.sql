-- Levels from a category down to the deepest below it: $1 is its id.
with recursive below as (
    select id, 1::bigint as level from catalog_groups where id = $1
    union all
    select g.id, b.level + 1 from below as b join catalog_groups as g on g.parent_id = b.id
)
select max(level) as levels from below
