-- Goods on their way from one place to another. Of each line: shipped = received + damaged + lost + in transit.
create table transfers (
    id               uuid primary key,
    from_location_id uuid not null references locations (id),
    to_location_id   uuid not null references locations (id),
    status           text not null default 'draft',
    reference        text,
    expected_on      date,
    is_shipped_whole boolean not null default false,
    created_by       uuid not null,
    version          bigint not null default 1,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    shipped_at       timestamptz,
    closed_at        timestamptz,
    constraint transfers_status_check check (
        status in ('draft', 'ready', 'in_transit', 'partially_received', 'received', 'canceled')),
    constraint transfers_ends_check check (from_location_id <> to_location_id)
);
create index transfers_from_location_id_idx on transfers (from_location_id, id desc);
create index transfers_to_location_id_idx on transfers (to_location_id, id desc);

create table transfer_lines (
    transfer_id uuid not null references transfers (id),
    variant_id  uuid not null references variants (id),
    requested   integer not null,
    shipped     integer not null default 0,
    received    integer not null default 0,
    damaged     integer not null default 0,
    lost        integer not null default 0,
    constraint transfer_lines_pkey primary key (transfer_id, variant_id),
    constraint transfer_lines_counters_check check (
        requested > 0 and shipped between 0 and requested and received >= 0 and damaged >= 0 and lost >= 0
        and received + damaged + lost <= shipped)
);
create index transfer_lines_variant_id_idx on transfer_lines (variant_id);

-- The lots among what was shipped.
create table transfer_lots (
    transfer_id uuid not null references transfers (id),
    lot_id      uuid not null references lots (id),
    variant_id  uuid not null references variants (id),
    shipped     integer not null,
    received    integer not null default 0,
    damaged     integer not null default 0,
    lost        integer not null default 0,
    constraint transfer_lots_pkey primary key (transfer_id, lot_id),
    constraint transfer_lots_counters_check check (
        shipped > 0 and received >= 0 and damaged >= 0 and lost >= 0 and received + damaged + lost <= shipped)
);
create index transfer_lots_lot_id_idx on transfer_lots (lot_id);
create index transfer_lots_variant_id_idx on transfer_lots (variant_id);
