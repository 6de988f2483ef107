-- Codes that people type are the same whatever their case and width. Where older rows differ only in that, the oldest
-- keeps its code and later ones are told apart by a suffix.
update lots as l
set code = left(l.code, 16) || ' ~' || t.twin, version = l.version + 1, updated_at = now()
from (
    select id, row_number() over (
        partition by variant_id, upper(normalize(code, NFKC) collate "C") order by id) as twin
    from lots
) as t
where t.id = l.id and t.twin > 1;
create unique index lots_typed_key on lots (variant_id, upper(normalize(code, NFKC) collate "C"));

update locations as l
set code = left(l.code, 28) || ' ~' || t.twin, version = l.version + 1, updated_at = now()
from (
    select id, row_number() over (partition by upper(normalize(code, NFKC) collate "C") order by id) as twin
    from locations
) as t
where t.id = l.id and t.twin > 1;
create unique index locations_code_typed_key on locations (upper(normalize(code, NFKC) collate "C"));

update suppliers as s
set code = left(s.code, 28) || ' ~' || t.twin, version = s.version + 1, updated_at = now()
from (
    select id, row_number() over (partition by upper(normalize(code, NFKC) collate "C") order by id) as twin
    from suppliers
) as t
where t.id = s.id and t.twin > 1;
create unique index suppliers_code_typed_key on suppliers (upper(normalize(code, NFKC) collate "C"));
