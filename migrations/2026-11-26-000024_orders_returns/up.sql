-- What customers send or bring back (RMA). Its number is the order's with a count. `credited_minor` is what an order owes its payer for it; `exchange_for` names
-- the return in whose place an order was made.
create table returns (
    id             uuid primary key,
    number         text not null,
    order_id       uuid not null references orders (id),
    status         text not null,
    location_id    uuid references locations (id),
    is_returnless  boolean not null default false,
    note           text,
    refund_minor   bigint not null default 0,
    withheld_minor bigint not null default 0,
    goods          jsonb not null default '[]',
    inspection     jsonb not null default '[]',
    requested_by   uuid not null,
    version        bigint not null default 1,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    constraint returns_number_key unique (number),
    constraint returns_status_check check (status in ('requested', 'approved', 'received', 'closed', 'rejected')),
    constraint returns_refund_check check (refund_minor >= 0 and withheld_minor >= 0),
    constraint returns_location_check check (status not in ('received') or location_id is not null)
);
create index returns_order_id_idx on returns (order_id);
create index returns_location_id_idx on returns (location_id, created_at desc, id desc);
create index returns_created_at_idx on returns (created_at desc, id desc);
create table return_lines (
    return_id  uuid not null references returns (id),
    line_no    integer not null,
    quantity   integer not null,
    reason     text not null,
    unit_minor bigint not null,
    constraint return_lines_pkey primary key (return_id, line_no),
    constraint return_lines_quantity_check check (quantity > 0 and unit_minor >= 0),
    constraint return_lines_reason_check check (reason in ('unwanted', 'wrong_item', 'damaged', 'defective', 'reaction', 'other'))
);
-- A customer's skin has reacted: kept for those who must look into it.
create table reaction_cases (
    id         uuid primary key,
    return_id  uuid not null references returns (id),
    order_id   uuid not null references orders (id),
    variant_id uuid not null references variants (id),
    lot_id     uuid references lots (id),
    note       text,
    opened_by  uuid not null,
    opened_at  timestamptz not null
);
create index reaction_cases_lot_id_idx on reaction_cases (lot_id);
create index reaction_cases_variant_id_idx on reaction_cases (variant_id);
alter table orders
    add column credited_minor bigint not null default 0,
    add column exchange_for   uuid references returns (id),
    add constraint orders_credited_check check (credited_minor between 0 and total_minor),
    drop constraint orders_status_check,
    add constraint orders_status_check check (status in (
        'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'returned', 'canceled'));
create index orders_exchange_for_idx on orders (exchange_for) where exchange_for is not null;
