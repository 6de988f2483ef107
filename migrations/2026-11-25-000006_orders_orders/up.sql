create table orders (
    id             uuid primary key,
    number         bigint generated always as identity,
    channel        text not null,
    currency       text not null,
    location_id    uuid not null references locations (id),
    reservation_id uuid not null references reservations (id),
    status         text not null default 'pending',
    total_minor    bigint not null,
    paid_minor     bigint not null default 0,
    refunded_minor bigint not null default 0,
    customer       jsonb not null,
    placed_by      uuid not null,
    hold_expires_at timestamptz not null,
    cancel_reason  text,
    version        bigint not null default 1,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint orders_number_key unique (number),
    constraint orders_reservation_id_key unique (reservation_id),
    constraint orders_channel_check check (channel in ('web', 'mobile', 'pos', 'marketplace')),
    constraint orders_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint orders_status_check check (status in ('pending', 'confirmed', 'processing', 'shipped', 'delivered', 'canceled')),
    constraint orders_total_minor_check check (total_minor between 0 and 9007199254740991),
    constraint orders_paid_minor_check check (paid_minor between 0 and total_minor and refunded_minor between 0 and paid_minor)
);
create index orders_location_id_idx on orders (location_id, created_at desc, id desc);
create index orders_created_at_idx on orders (created_at desc, id desc);
create index orders_pending_idx on orders (hold_expires_at) where status = 'pending';

create table order_lines (
    order_id    uuid not null references orders (id),
    line_no     integer not null,
    variant_id  uuid not null references variants (id),
    sku         text not null,
    name        text not null,
    quantity    integer not null,
    unit_minor  bigint not null,
    total_minor bigint not null,
    constraint order_lines_pkey primary key (order_id, line_no),
    constraint order_lines_quantity_check check (quantity > 0),
    constraint order_lines_amounts_check check (unit_minor >= 0 and total_minor = unit_minor * quantity)
);
create index order_lines_variant_id_idx on order_lines (variant_id);

create table shipments (
    id              uuid primary key,
    order_id        uuid not null references orders (id),
    location_id     uuid not null references locations (id),
    carrier         text,
    tracking_number text,
    shipped_at      timestamptz not null,
    delivered_at    timestamptz,
    version         bigint not null default 1,
    created_at      timestamptz not null
);
create index shipments_order_id_idx on shipments (order_id);
create index shipments_location_id_idx on shipments (location_id);
