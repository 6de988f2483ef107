-- Bundles of two or three variants: one bundle for each hundred variants, at least two.
with made as (
    select n, md5('bundle product ' || n)::uuid as product, md5('bundle ' || n)::uuid as id
    from generate_series(1, greatest(2, $1 / 100)) as n
), products_made as (
    insert into products (id, name, brand, brand_id, slug, category, created_at, updated_at)
    select product, 'Coffret N° ' || n, 'Maison Coffret', md5('brand maison-coffret')::uuid, 'set-' || n, 'bundle', $2, $2
    from made
), variants_made as (
    insert into variants (id, product_id, sku, created_at, updated_at)
    select id, product, 'MC-SET-' || lpad(n::text, 3, '0'), $2, $2 from made
), prices_made as (
    insert into prices (variant_id, channel, currency, amount_minor, updated_at)
    select made.id, c.channel, 'EUR', 4900 + n * 100, $2
    from made, (values ('web'), ('mobile'), ('pos'), ('marketplace')) as c (channel)
)
insert into bundle_components (bundle_id, component_id, quantity)
select made.id, md5('variant ' || (1 + (n * 7 + part) % $1))::uuid, 1 + part % 2
from made, generate_series(0, 1 + n % 2) as part;
