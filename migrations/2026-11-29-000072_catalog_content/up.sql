-- Pictures and films of products, and their texts in other languages.
create table product_media (
    id         uuid primary key,
    product_id uuid not null references products (id),
    variant_id uuid references variants (id),
    kind       text not null,
    url        text not null,
    alt        text,
    position   integer not null,
    created_at timestamptz not null,
    constraint product_media_kind_check check (kind in ('image', 'video'))
);
create index product_media_product_id_idx on product_media (product_id);
create index product_media_variant_id_idx on product_media (variant_id);

create table product_translations (
    product_id  uuid not null references products (id),
    language    text not null,
    name        text not null,
    description text,
    updated_at  timestamptz not null,
    constraint product_translations_pkey primary key (product_id, language)
);
