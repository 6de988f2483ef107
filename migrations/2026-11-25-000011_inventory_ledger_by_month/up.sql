-- The ledger in one partition for each month (UTC), so that old months can be closed, moved and archived as a whole.
-- This copies the ledger once and keeps writers out meanwhile.
lock table stock_moves in exclusive mode;
alter table stock_moves rename to stock_moves_before;
drop view stock_ends;

create table lots (
    id          uuid primary key,
    variant_id  uuid not null references variants (id),
    code        text not null,
    made_on     date,
    expires_on  date,
    pao_months  integer,
    supplier_id uuid,
    status      text not null default 'released',
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint lots_code_key unique (variant_id, code),
    constraint lots_status_check check (status in ('released', 'quarantined', 'recalled')),
    constraint lots_dates_check check (expires_on >= made_on),
    constraint lots_pao_months_check check (pao_months between 1 and 120)
);
create index lots_expires_on_idx on lots (expires_on);
create index lots_supplier_id_idx on lots (supplier_id);

create table stock_moves (
    id               uuid not null,
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
    lot_id           uuid references lots (id),
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
) partition by range (recorded_at);

-- Makes the partition of the month of a moment, if there is none yet. Attached rather than created in place, so that
-- sales go on meanwhile.
create function inventory_make_month(moment timestamptz) returns boolean language plpgsql as $$
declare
    month timestamp := date_trunc('month', moment at time zone 'UTC');
    name text := 'stock_moves_' || to_char(month, 'YYYY_MM');
begin
    if to_regclass(name) is not null then
        return false;
    end if;
    execute format('create table %I (like stock_moves including defaults including constraints)', name);
    execute format('alter table stock_moves attach partition %I for values from (%L) to (%L)', name,
                   month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
    return true;
end $$;

select inventory_make_month(m)
from generate_series(
    least((select min(recorded_at) from stock_moves_before), now()) at time zone 'UTC',
    (now() at time zone 'UTC') + interval '13 months', interval '1 month') as g (m0)
cross join lateral (select date_trunc('month', g.m0) at time zone 'UTC' as m) as x;

insert into stock_moves select *, null from stock_moves_before order by recorded_at;
drop table stock_moves_before;

alter table stock_moves add constraint stock_moves_pkey primary key (id, recorded_at);
create index stock_moves_variant_id_idx on stock_moves (variant_id, recorded_at);
create index stock_moves_cause_id_idx on stock_moves (cause_id);
create index stock_moves_from_location_id_idx on stock_moves (from_location_id);
create index stock_moves_to_location_id_idx on stock_moves (to_location_id);
create index stock_moves_recorded_at_idx on stock_moves using brin (recorded_at);
create index stock_moves_lot_id_idx on stock_moves (lot_id) where lot_id is not null;

create trigger stock_moves_append_only before update or delete on stock_moves
    for each row execute function inventory_refuse_change();
create trigger stock_moves_no_truncate before truncate on stock_moves
    for each statement execute function inventory_refuse_change();
create trigger stock_moves_open_days after insert on stock_moves referencing new table as added
    for each statement execute function inventory_refuse_closed_days();

-- What each move did to each location that it touched: units in, or out as a negative number, of one condition.
create view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at, lot_id
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at, lot_id
    from stock_moves where from_node = 'location';

-- Months whose days are all closed. Their partition refuses every change, also one that goes round the ledger.
create table stock_months (
    month     date primary key,
    closed_at timestamptz not null,
    constraint stock_months_first_check check (extract(day from month) = 1)
);
create function inventory_close_month(day date, at timestamptz) returns boolean language plpgsql as $$
declare
    first date := date_trunc('month', day);
    name text := 'stock_moves_' || to_char(first, 'YYYY_MM');
begin
    if day <> (first + interval '1 month' - interval '1 day')::date then
        return false;
    end if;
    insert into stock_months (month, closed_at) values (first, at);
    if to_regclass(name) is not null then
        execute format('create trigger closed_rows before insert or update or delete on %I '
                       'for each row execute function inventory_refuse_change()', name);
        execute format('create trigger closed_table before truncate on %I '
                       'for each statement execute function inventory_refuse_change()', name);
    end if;
    return true;
end $$;
create trigger stock_months_append_only before update or delete on stock_months
    for each row execute function inventory_refuse_change();

-- Where the units of a lot are, by condition; what a level has beyond them came without a lot.
create table lot_balances (
    location_id uuid not null references locations (id),
    variant_id  uuid not null references variants (id),
    lot_id      uuid not null references lots (id),
    condition   text not null,
    quantity    integer not null,
    constraint lot_balances_pkey primary key (location_id, variant_id, lot_id, condition),
    constraint lot_balances_condition_check check (condition in ('sellable', 'damaged', 'quality_hold', 'returned', 'expired')),
    constraint lot_balances_quantity_check check (quantity >= 0)
);
create index lot_balances_lot_id_idx on lot_balances (lot_id);
create index lot_balances_variant_id_idx on lot_balances (variant_id);

-- `uncovered` counts units that were promised when their goods had to be withdrawn (recalled, expired, not found by a
-- count). A withdrawal alone raises it; nothing new is promised while it is above zero.
alter table stock_levels
    add column uncovered integer not null default 0,
    add column has_lots boolean not null default false,
    drop constraint stock_levels_counters_check,
    drop constraint stock_levels_available_check,
    add constraint stock_levels_counters_check check (
        on_hand >= 0 and damaged >= 0 and quality_hold >= 0 and returned >= 0 and expired >= 0
        and allocated >= 0 and reserved >= 0 and in_transit >= 0 and safety_stock >= 0
        and reorder_threshold >= 0 and reorder_quantity >= 0 and backorder_limit >= 0 and uncovered >= 0),
    add constraint stock_levels_available_check check (
        on_hand - damaged - quality_hold - returned - expired - allocated - reserved - safety_stock
            >= -backorder_limit - uncovered);
