-- The brand, the categories and a collection of the seeded catalog: $1 is the time.
insert into catalog_groups (id, kind, parent_id, root, name, name_key, slug, description, position, created_at, updated_at)
select md5(kind || ' ' || slug)::uuid, kind, case when below <> '' then md5('category ' || below)::uuid end,
       nullif(root, ''), name, lower(name), slug, description, position, $1, $1
from (values
    ('brand', '', '', 'Maison Coffret', 'maison-coffret', 'Color, care and fragrance since 1921.', 0),
    ('category', '', 'cosmetics', 'Lips', 'lips', null, 0),
    ('category', '', 'cosmetics', 'Complexion', 'complexion', null, 1),
    ('category', '', 'cosmetics', 'Eyes', 'eyes', null, 2),
    ('category', '', 'skincare', 'Face care', 'face-care', null, 0),
    ('category', 'face-care', 'skincare', 'Creams', 'creams', null, 0),
    ('category', 'face-care', 'skincare', 'Serums', 'serums', null, 1),
    ('category', 'face-care', 'skincare', 'Cleansers', 'cleansers', null, 2),
    ('category', '', 'haircare', 'Wash and care', 'wash-and-care', null, 0),
    ('category', '', 'fragrance', 'Perfume', 'perfume', null, 0),
    ('category', '', 'fragrance', 'Body mists', 'body-mists', null, 1),
    ('category', '', 'tools', 'Brushes', 'brushes', null, 0),
    ('collection', '', '', 'Lumière', 'lumiere', 'All that glows.', 0)
) as told (kind, below, root, name, slug, description, position);
