-- Lots by id or by what is printed on them, in order of id: the order in which their rows are locked.
select l.*
from lots as l
where l.id in (
    select unnest($1::uuid[])
    union
    select o.id
    from unnest($2::uuid[], $3::text[]) as w (variant_id, code)
    join lots as o on o.variant_id = w.variant_id and upper(normalize(o.code, NFKC) collate "C") = w.code)
order by l.id
