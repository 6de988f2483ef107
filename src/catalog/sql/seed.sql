-- A realistic catalog: products of one to four variants, each priced in four channels and three currencies,
-- and bundles of two or three parts. Ids are derived from names, so that the same seed makes the same brand.
with words as (
    select
        array['Velvet', 'Lumière', 'Rosée', 'Nuit', 'Aqua', 'Soie', 'Éclat', 'Pure', 'Ambre', 'Fleur'] as firsts,
        array['Lipstick', 'Foundation', 'Mascara', 'Day Cream', 'Night Serum', 'Cleansing Oil', 'Shampoo',
              'Hair Mask', 'Eau de Parfum', 'Body Mist', 'Blending Brush', 'Blush'] as nouns,
        array['cosmetics', 'cosmetics', 'cosmetics', 'skincare', 'skincare', 'skincare', 'haircare',
              'haircare', 'fragrance', 'fragrance', 'tools', 'cosmetics'] as categories,
        array['lips', 'complexion', 'eyes', 'creams', 'serums', 'cleansers', 'wash-and-care', 'wash-and-care',
              'perfume', 'body-mists', 'brushes', 'complexion'] as groups
), made as (
    select
        n,
        md5('product ' || n)::uuid as id,
        firsts[1 + (n / 12) % 10] || ' ' || nouns[1 + n % 12]
            || case when n >= 120 then ' N° ' || (n / 120 + 1) else '' end as name,
        categories[1 + n % 12] as category,
        groups[1 + n % 12] as below
    from words, generate_series(0, ($1 + 3) / 4 - 1) as n
)
insert into products (id, name, brand, brand_id, slug, category_id, description, category, inci, pao_months, created_at, updated_at)
select id, name, 'Maison Coffret', md5('brand maison-coffret')::uuid, 'product-' || n,
       md5('category ' || below)::uuid, name || ' by Maison Coffret', category,
       case when category <> 'tools' then 'Aqua, Glycerin, Parfum' end,
       case when category <> 'tools' then 6 + (n % 4) * 6 end, $2, $2
from made;
