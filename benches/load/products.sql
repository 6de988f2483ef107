-- 25,000 more products of one variant each, in eight brands, with a French and a Spanish name, priced on the web.
with words as (
    select
        array['Velvet', 'Silk', 'Golden', 'Midnight', 'Radiant', 'Pure', 'Wild', 'Royal', 'Crystal', 'Amber', 'Ocean', 'Desert',
              'Secret', 'Lunar', 'Solar', 'Vintage', 'Bold', 'Gentle', 'Intense', 'Fresh', 'Deep', 'Luminous', 'Matte',
              'Satin', 'Sheer', 'Ultra', 'Infinite', 'Nordic', 'Tropical', 'Urban'] as firsts,
        array['Rose', 'Peony', 'Jasmine', 'Lily', 'Orchid', 'Iris', 'Violet', 'Lotus', 'Cedar', 'Santal', 'Musk', 'Vanilla',
              'Honey', 'Argan', 'Coconut', 'Almond', 'Ginger', 'Citrus', 'Berry', 'Plum', 'Cherry', 'Peach', 'Fig', 'Tea',
              'Aloe', 'Cactus', 'Marine', 'Clay', 'Pearl', 'Opal'] as seconds,
        array['Lipstick', 'Foundation', 'Mascara', 'Serum', 'Cleanser', 'Shampoo', 'Conditioner', 'Perfume', 'Concealer',
              'Eyeliner', 'Highlighter', 'Moisturizer', 'Sunscreen', 'Toner', 'Brush'] as nouns,
        array['Rouge', 'Fond de teint', 'Mascara', 'Sérum', 'Nettoyant', 'Shampooing', 'Soin', 'Parfum', 'Correcteur',
              'Crayon', 'Enlumineur', 'Crème', 'Protection solaire', 'Lotion', 'Pinceau'] as french,
        array['cosmetics', 'cosmetics', 'cosmetics', 'skincare', 'skincare', 'haircare', 'haircare', 'fragrance',
              'cosmetics', 'cosmetics', 'cosmetics', 'skincare', 'skincare', 'skincare', 'tools'] as categories,
        array['red', 'pink', 'nude', 'coral', 'brown', 'plum', 'gold', 'black'] as families,
        array['5 ml', '30 ml', '50 ml', '100 ml', '200 ml'] as sizes
), brands as (
    insert into catalog_groups (id, kind, name, name_key, slug, created_at, updated_at)
    select md5('bench brand ' || n)::uuid, 'brand', 'Atelier ' || n, 'atelier ' || n, 'bench-atelier-' || n, now(), now()
    from generate_series(1, 8) as n
    returning id, name
), made as (
    select n, md5('bench product ' || n)::uuid as id, 1 + (n * 7) % 30 as f, 1 + (n * 11) % 30 as s, 1 + n % 15 as t,
           'Atelier ' || 1 + n % 8 as brand
    from generate_series(1, 25000) as n
), products as (
    insert into products (id, name, brand, brand_id, slug, description, category, inci, created_at, updated_at)
    select m.id, w.firsts[m.f] || ' ' || w.seconds[m.s] || ' ' || w.nouns[m.t] || ' ' || m.n, m.brand, b.id, 'bench-' || m.n,
           'A ' || lower(w.nouns[m.t]) || ' with ' || lower(w.seconds[m.s]) || ', made for long days.', w.categories[m.t],
           'AQUA, GLYCERIN, PARFUM', now() - make_interval(mins => m.n), now()
    from made as m join brands as b on b.name = m.brand cross join words as w
), variants as (
    insert into variants (id, product_id, sku, shade_family, size, created_at, updated_at)
    select md5('bench variant ' || m.n)::uuid, m.id, 'BEN-' || m.n, w.families[1 + m.n % 8], w.sizes[1 + m.n % 5], now(), now()
    from made as m cross join words as w
), prices as (
    insert into prices (variant_id, channel, currency, amount_minor, updated_at)
    select md5('bench variant ' || m.n)::uuid, 'web', 'EUR', 500 + (m.n * 37) % 9500, now() from made as m
)
insert into product_translations (product_id, language, name, updated_at)
select m.id, 'fr', w.french[m.t] || ' ' || w.firsts[m.f] || ' ' || m.n, now() from made as m cross join words as w;
