-- Names in French and Spanish: $1 is the time.
with nouns as (
    select * from (values
        ('Lipstick', 'Rouge à lèvres', 'Pintalabios'), ('Foundation', 'Fond de teint', 'Base de maquillaje'),
        ('Mascara', 'Mascara', 'Máscara de pestañas'), ('Day Cream', 'Crème de jour', 'Crema de día'),
        ('Night Serum', 'Sérum de nuit', 'Sérum de noche'),
        ('Cleansing Oil', 'Huile démaquillante', 'Aceite desmaquillante'),
        ('Shampoo', 'Shampooing', 'Champú'), ('Hair Mask', 'Masque capillaire', 'Mascarilla capilar'),
        ('Eau de Parfum', 'Eau de parfum', 'Agua de perfume'), ('Body Mist', 'Brume corporelle', 'Bruma corporal'),
        ('Blending Brush', 'Pinceau estompeur', 'Brocha difuminadora'), ('Blush', 'Fard à joues', 'Colorete')
    ) as told (noun, french, spanish)
)
insert into product_translations (product_id, language, name, description, updated_at)
select p.id, l.language, replace(p.name, n.noun, l.noun), replace(p.name, n.noun, l.noun) || l.ending, $1
from products as p
join nouns as n on position(n.noun in p.name) > 0
cross join lateral (values ('fr', n.french, ' par Maison Coffret'), ('es', n.spanish, ' de Maison Coffret'))
    as l (language, noun, ending)
on conflict do nothing;
