create table locations (
    id         uuid primary key,
    code       text not null,
    name       text not null,
    kind       text not null,
    priority   integer not null,
    country    text not null,
    time_zone  text not null,
    version    bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint locations_code_key unique (code),
    constraint locations_kind_check check (kind in ('store', 'warehouse')),
    constraint locations_priority_check check (priority between 0 and 10000),
    constraint locations_country_check check (country ~ '^[A-Z]{2}$')
);
create index locations_priority_idx on locations (priority, id);

-- What checkout touches. available = on_hand - damaged - quality_hold - returned - expired - allocated
-- - reserved - safety_stock; the last check is the guard that no race gets past.
create table stock_levels (
    location_id       uuid not null references locations (id),
    variant_id        uuid not null references variants (id),
    on_hand           integer not null default 0,
    damaged           integer not null default 0,
    quality_hold      integer not null default 0,
    returned          integer not null default 0,
    expired           integer not null default 0,
    allocated         integer not null default 0,
    reserved          integer not null default 0,
    in_transit        integer not null default 0,
    safety_stock      integer not null default 0,
    reorder_threshold integer not null default 0,
    reorder_quantity  integer not null default 0,
    backorder_limit   integer not null default 0,
    version           bigint not null default 0,
    constraint stock_levels_pkey primary key (location_id, variant_id),
    constraint stock_levels_counters_check check (
        on_hand >= 0 and damaged >= 0 and quality_hold >= 0 and returned >= 0 and expired >= 0
        and allocated >= 0 and reserved >= 0 and in_transit >= 0 and safety_stock >= 0
        and reorder_threshold >= 0 and reorder_quantity >= 0 and backorder_limit >= 0),
    constraint stock_levels_available_check check (
        on_hand - damaged - quality_hold - returned - expired - allocated - reserved - safety_stock >= -backorder_limit)
) partition by hash (location_id);
create index stock_levels_variant_id_idx on stock_levels (variant_id);

do $$
begin
    for n in 0..7 loop
        execute format(
            'create table stock_levels_%s partition of stock_levels for values with (modulus 8, remainder %s) '
            'with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01)', n, n);
    end loop;
end $$;

-- The ledger: append-only, double-entry. Each row moves a positive quantity from one node and condition to
-- another; on_hand of a location is what came in less what went out.
create table stock_moves (
    id               uuid primary key,
    variant_id       uuid not null references variants (id),
    quantity         integer not null,
    from_node        text not null,
    from_location_id uuid references locations (id),
    from_condition   text not null,
    to_node          text not null,
    to_location_id   uuid references locations (id),
    to_condition     text not null,
    reason           text not null,
    cause_type       text not null,
    cause_id         uuid not null,
    actor_id         uuid not null,
    occurred_at      timestamptz not null,
    recorded_at      timestamptz not null,
    constraint stock_moves_quantity_check check (quantity > 0),
    constraint stock_moves_from_check check (
        from_node in ('location', 'supplier', 'customer', 'transit', 'scrap', 'adjust')
        and (from_node = 'location') = (from_location_id is not null)),
    constraint stock_moves_to_check check (
        to_node in ('location', 'supplier', 'customer', 'transit', 'scrap', 'adjust')
        and (to_node = 'location') = (to_location_id is not null)),
    constraint stock_moves_condition_check check (
        from_condition in ('sellable', 'damaged', 'quality_hold', 'returned', 'expired')
        and to_condition in ('sellable', 'damaged', 'quality_hold', 'returned', 'expired')),
    constraint stock_moves_moves_check check (
        (from_node, from_location_id, from_condition) is distinct from (to_node, to_location_id, to_condition))
);
create index stock_moves_variant_id_idx on stock_moves (variant_id, recorded_at);
create index stock_moves_cause_id_idx on stock_moves (cause_id);
create index stock_moves_from_location_id_idx on stock_moves (from_location_id);
create index stock_moves_to_location_id_idx on stock_moves (to_location_id);

create function inventory_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'stock_moves is append-only';
end $$;
create trigger stock_moves_append_only before update or delete on stock_moves
    for each row execute function inventory_refuse_change();
create trigger stock_moves_no_truncate before truncate on stock_moves
    for each statement execute function inventory_refuse_change();

create table reservations (
    id           uuid primary key,
    location_id  uuid not null references locations (id),
    status       text not null default 'active',
    reference    text,
    order_id     uuid,
    principal_id uuid not null,
    expires_at   timestamptz not null,
    closed_at    timestamptz,
    version      bigint not null default 1,
    created_at   timestamptz not null,
    constraint reservations_status_check check (status in ('active', 'converted', 'released', 'expired')),
    constraint reservations_closed_check check ((status = 'active') = (closed_at is null))
);
create index reservations_due_idx on reservations (expires_at) where status = 'active';
create index reservations_location_id_idx on reservations (location_id);
create index reservations_order_id_idx on reservations (order_id);

create table reservation_lines (
    reservation_id uuid not null references reservations (id),
    variant_id     uuid not null references variants (id),
    quantity       integer not null,
    level_version  bigint not null,
    constraint reservation_lines_pkey primary key (reservation_id, variant_id),
    constraint reservation_lines_quantity_check check (quantity > 0)
);
create index reservation_lines_variant_id_idx on reservation_lines (variant_id);

-- Hard promises to orders, made by converting a hold.
create table allocations (
    id          uuid primary key,
    order_id    uuid not null,
    location_id uuid not null references locations (id),
    variant_id  uuid not null references variants (id),
    quantity    integer not null,
    status      text not null default 'open',
    created_at  timestamptz not null,
    closed_at   timestamptz,
    constraint allocations_order_variant_key unique (order_id, location_id, variant_id),
    constraint allocations_quantity_check check (quantity > 0),
    constraint allocations_status_check check (status in ('open', 'shipped', 'released')),
    constraint allocations_closed_check check ((status = 'open') = (closed_at is null))
);
create index allocations_location_id_idx on allocations (location_id);
create index allocations_variant_id_idx on allocations (variant_id);
