-- Brands, the categories below the kinds of products, and collections: names by which products are found.
create table catalog_groups (
    id          uuid primary key,
    kind        text not null,
    parent_id   uuid references catalog_groups (id),
    root        text,
    name        text not null,
    name_key    text not null,
    slug        text not null,
    description text,
    position    integer not null default 0,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint catalog_groups_kind_check check (kind in ('brand', 'category', 'collection')),
    constraint catalog_groups_root_check check ((kind = 'category') = (root is not null)),
    constraint catalog_groups_parent_check check (parent_id is null or kind = 'category'),
    constraint catalog_groups_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint catalog_groups_slug_key unique (kind, slug)
);
create unique index catalog_groups_brand_name_key on catalog_groups (name_key) where kind = 'brand';
create index catalog_groups_parent_id_idx on catalog_groups (parent_id);

create table group_products (
    group_id   uuid not null references catalog_groups (id),
    product_id uuid not null references products (id),
    position   integer not null,
    constraint group_products_pkey primary key (group_id, product_id)
);
create index group_products_product_id_idx on group_products (product_id);

alter table products
    add column brand_id uuid references catalog_groups (id),
    add column category_id uuid references catalog_groups (id),
    add column slug text;
create index products_brand_id_idx on products (brand_id);
create index products_category_id_idx on products (category_id);

-- Brands were text: each becomes a record of its own, whatever its case was.
insert into catalog_groups (id, kind, name, name_key, slug, created_at, updated_at)
select gen_random_uuid(), 'brand', name, name_key, slug || case when twin > 1 then '-' || substr(md5(name), 1, 6) else '' end, now(), now()
from (
    select *, row_number() over (partition by slug order by name) as twin
    from (
        select name, name_key, coalesce(nullif(trim('-' from left(regexp_replace(lower(translate(
                   name, 'àáâãäåçèéêëìíîïñòóôõöùúûüýÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ',
                   'aaaaaaceeeeiiiinooooouuuuyAAAAAACEEEEIIIINOOOOOUUUUY')), '[^a-z0-9]+', '-', 'g'), 90)), ''),
                   'brand') as slug
        from (
            select min(brand) as name, lower(translate(brand, 'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ', 'àáâãäåçèéêëìíîïñòóôõöùúûüý')) as name_key
            from products where brand is not null group by name_key
        ) as brands
    ) as named
) as told;
update products as p set brand_id = g.id, brand = g.name
from catalog_groups as g
where g.kind = 'brand' and g.name_key = lower(translate(p.brand, 'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ', 'àáâãäåçèéêëìíîïñòóôõöùúûüý'));

update products as p
set slug = trim('-' from left(regexp_replace(lower(translate(
        p.name, 'àáâãäåçèéêëìíîïñòóôõöùúûüýÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ',
        'aaaaaaceeeeiiiinooooouuuuyAAAAAACEEEEIIIINOOOOOUUUUY')), '[^a-z0-9]+', '-', 'g'), 80))
    || '-' || substr(md5(p.id::text), 1, 6);
update products set slug = trim('-' from slug) where slug like '-%';
alter table products add constraint products_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$') not valid;
alter table products validate constraint products_slug_check;
create unique index products_slug_key on products (slug);
