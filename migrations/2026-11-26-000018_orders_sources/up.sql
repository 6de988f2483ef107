-- An order may be filled from several places: the first is its own, the others stand beside it.
alter table orders add column also_from uuid[] not null default '{}';
create index orders_also_from_idx on orders using gin (also_from) where also_from <> '{}';

-- Why an order is filled from where it is: what could have filled it, and what was chosen.
create table sourcing_decisions (
    order_id   uuid not null references orders (id),
    attempt    integer not null,
    strategy   text not null,
    candidates jsonb not null,
    parts      jsonb not null,
    reason     text not null,
    decided_at timestamptz not null,
    constraint sourcing_decisions_pkey primary key (order_id, attempt),
    constraint sourcing_decisions_attempt_check check (attempt > 0),
    constraint sourcing_decisions_strategy_check check (strategy in ('location_priority', 'fewest_parcels'))
);
