create table products (
    id          uuid primary key,
    name        text not null,
    brand       text,
    description text,
    category    text not null,
    inci        text,
    pao_months  integer,
    status      text not null default 'active',
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint products_category_check check (category in ('cosmetics', 'skincare', 'haircare', 'fragrance', 'tools', 'bundle')),
    constraint products_status_check check (status in ('active', 'retired')),
    constraint products_pao_months_check check (pao_months between 1 and 120)
);
create index products_category_idx on products (category, id);

create table variants (
    id         uuid primary key,
    product_id uuid not null references products (id),
    sku        text not null,
    gtin       text,
    shade      text,
    size       text,
    status     text not null default 'active',
    version    bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint variants_sku_key unique (sku),
    constraint variants_gtin_key unique (gtin),
    constraint variants_gtin_check check (gtin ~ '^([0-9]{8}|[0-9]{12,14})$'),
    constraint variants_status_check check (status in ('active', 'retired'))
);
create index variants_product_id_idx on variants (product_id);

create table bundle_components (
    bundle_id    uuid not null references variants (id),
    component_id uuid not null references variants (id),
    quantity     integer not null,
    constraint bundle_components_pkey primary key (bundle_id, component_id),
    constraint bundle_components_quantity_check check (quantity between 1 and 1000),
    constraint bundle_components_self_check check (bundle_id <> component_id)
);
create index bundle_components_component_id_idx on bundle_components (component_id);

create table prices (
    variant_id   uuid not null references variants (id),
    channel      text not null,
    currency     text not null,
    amount_minor bigint not null,
    updated_at   timestamptz not null,
    constraint prices_pkey primary key (variant_id, channel, currency),
    constraint prices_channel_check check (channel in ('web', 'mobile', 'pos', 'marketplace')),
    constraint prices_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint prices_amount_minor_check check (amount_minor between 0 and 9007199254740991)
);
