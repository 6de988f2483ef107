-- Variants of the seeded products, their GTINs with real check digits.
with made as (
    select
        n,
        '200' || lpad(n::text, 9, '0') as digits,
        array['Rouge', 'Nude', 'Coral', 'Plum'] as shades,
        array['red', 'nude', 'coral', 'plum'] as families,
        array['#B3122D', '#C99A82', '#F0705A', '#6B2346'] as swatches,
        array['330410', '330499', '330420', '330499', '330499', '330499', '330510', '330590', '330300', '330300',
              '961620', '330491'] as codes,
        array['15 ml', '30 ml', '50 ml', '100 ml'] as sizes
    from generate_series(1, $1) as n
), summed as (
    select made.*, (select sum(substr(digits, i, 1)::integer * case when i % 2 = 0 then 3 else 1 end)
                    from generate_series(1, 12) as i) as total
    from made
)
insert into variants (id, product_id, sku, gtin, shade, size, shade_code, shade_family, swatch, weight_grams,
                      shelf_life_days, dangerous_goods, hs_code, created_at, updated_at)
select md5('variant ' || n)::uuid, md5('product ' || (n - 1) / 4)::uuid, 'MC-' || lpad(n::text, 5, '0'),
       digits || ((10 - total % 10) % 10)::text,
       case when ((n - 1) / 4) % 12 in (0, 1, 2, 11) then shades[1 + (n - 1) % 4] end,
       case when ((n - 1) / 4) % 12 not in (0, 1, 2, 10, 11) then sizes[1 + (n - 1) % 4] end,
       case when ((n - 1) / 4) % 12 in (0, 1, 2, 11) then 'N° ' || (1 + (n - 1) % 4) * 10 end,
       case when ((n - 1) / 4) % 12 in (0, 1, 2, 11) then families[1 + (n - 1) % 4] end,
       case when ((n - 1) / 4) % 12 in (0, 1, 2, 11) then swatches[1 + (n - 1) % 4] end,
       25 + (n * 37) % 300,
       case when ((n - 1) / 4) % 12 <> 10 then 720 + 180 * (n % 4) end,
       case when ((n - 1) / 4) % 12 in (8, 9) then '3' end,
       codes[1 + ((n - 1) / 4) % 12], $2, $2
from summed;
