-- A category and those above it, from itself upwards: $1 is its id.
with recursive above as (
    select id, parent_id, 1 as level from catalog_groups where id = $1
    union all
    select g.id, g.parent_id, a.level + 1 from above as a join catalog_groups as g on g.id = a.parent_id
)
select id from above order by level
