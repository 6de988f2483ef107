-- A SKU is the same whatever its case, and a GTIN is the same with and without leading zeros. Where older rows differ
-- only in that, the older one keeps its code; later ones are told apart by a suffix, or lose the GTIN.
update variants as v
set sku = left(v.sku, 50) || '-' || t.twin, version = v.version + 1, updated_at = now()
from (select id, row_number() over (partition by upper(sku collate "C") order by id) as twin from variants) as t
where t.id = v.id and t.twin > 1;
create unique index variants_sku_typed_key on variants (upper(sku collate "C"));

update variants as v
set gtin = null, version = v.version + 1, updated_at = now()
from (
    select id, row_number() over (partition by lpad(gtin, 14, '0') order by id) as twin
    from variants where gtin is not null
) as t
where t.id = v.id and t.twin > 1;
create unique index variants_gtin_typed_key on variants (lpad(gtin, 14, '0'));
