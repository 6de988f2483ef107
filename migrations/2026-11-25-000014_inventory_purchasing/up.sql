create table suppliers (
    id            uuid primary key,
    code          text not null,
    name          text not null,
    lead_days     integer not null,
    minimum_units integer not null default 0,
    is_active     boolean not null default true,
    version       bigint not null default 1,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    constraint suppliers_code_key unique (code),
    constraint suppliers_terms_check check (lead_days between 0 and 365 and minimum_units >= 0)
);
alter table lots add constraint lots_supplier_id_fkey foreign key (supplier_id) references suppliers (id);

create table purchase_orders (
    id          uuid primary key,
    supplier_id uuid not null references suppliers (id),
    location_id uuid not null references locations (id),
    status      text not null default 'draft',
    reference   text,
    expected_on date,
    created_by  uuid not null,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    ordered_at  timestamptz,
    closed_at   timestamptz,
    constraint purchase_orders_status_check check (
        status in ('draft', 'ordered', 'partially_received', 'received', 'closed', 'canceled'))
);
create index purchase_orders_location_id_idx on purchase_orders (location_id, id desc);
create index purchase_orders_supplier_id_idx on purchase_orders (supplier_id);

create table purchase_order_lines (
    purchase_order_id uuid not null references purchase_orders (id),
    variant_id        uuid not null references variants (id),
    ordered           integer not null,
    received          integer not null default 0,
    rejected          integer not null default 0,
    constraint purchase_order_lines_pkey primary key (purchase_order_id, variant_id),
    constraint purchase_order_lines_counters_check check (ordered > 0 and received >= 0 and rejected >= 0)
);
create index purchase_order_lines_variant_id_idx on purchase_order_lines (variant_id);

-- What arrived, as it was booked; never changed.
create table receipts (
    id                uuid primary key,
    location_id       uuid not null references locations (id),
    purchase_order_id uuid references purchase_orders (id),
    supplier_id       uuid references suppliers (id),
    reference         text,
    received_by       uuid not null,
    created_at        timestamptz not null
);
create index receipts_location_id_idx on receipts (location_id, id desc);
create index receipts_purchase_order_id_idx on receipts (purchase_order_id);
create index receipts_supplier_id_idx on receipts (supplier_id);

create table receipt_lines (
    receipt_id uuid not null references receipts (id),
    line_no    integer not null,
    variant_id uuid not null references variants (id),
    lot_id     uuid references lots (id),
    accepted   integer not null,
    rejected   integer not null,
    condition  text not null,
    constraint receipt_lines_pkey primary key (receipt_id, line_no),
    constraint receipt_lines_counters_check check (accepted >= 0 and rejected >= 0 and accepted + rejected > 0),
    constraint receipt_lines_condition_check check (condition in ('sellable', 'quality_hold', 'damaged'))
);
create index receipt_lines_variant_id_idx on receipt_lines (variant_id);
create index receipt_lines_lot_id_idx on receipt_lines (lot_id);
