-- The average cost of a unit on hand, in ten-thousandths of a minor unit of the book currency, and the units on hand of
-- which a cost is known. Goods that came before this stay without one until somebody sets it.
alter table stock_levels add column costed integer not null default 0, add column average_cost bigint;
alter table stock_levels add constraint stock_levels_costed_check
    check (costed between 0 and on_hand and (costed = 0 or average_cost >= 0)) not valid;

-- At which cost units moved; null for units of which none is known, and for changes of condition.
alter table stock_moves add column unit_cost bigint;
create or replace view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at, lot_id,
           occurred_at, unit_cost
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at, lot_id, occurred_at, unit_cost
    from stock_moves where from_node = 'location';

-- Average costs that somebody has set.
create table cost_changes (
    id             uuid primary key,
    location_id    uuid not null references locations (id),
    variant_id     uuid not null references variants (id),
    units          integer not null,
    costed_before  integer not null,
    average_before bigint,
    average_after  bigint not null,
    note           text,
    actor_id       uuid not null,
    changed_at     timestamptz not null,
    constraint cost_changes_units_check check (costed_before between 0 and units and average_after >= 0)
);
create index cost_changes_location_id_idx on cost_changes (location_id, changed_at, id);
create index cost_changes_variant_id_idx on cost_changes (variant_id);
create trigger cost_changes_append_only before update or delete on cost_changes
    for each row execute function inventory_refuse_change();

-- The currency in which costs are kept; it stays once a cost is known.
create table cost_book (
    is_only  boolean primary key default true,
    currency text not null,
    constraint cost_book_only_check check (is_only)
);
