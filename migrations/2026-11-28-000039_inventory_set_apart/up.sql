-- Units that a place could not find when it was to send them. They are held back (`quality_hold`) until a count says
-- whether they are there.
create table set_apart_units (
    id          uuid primary key default gen_random_uuid(),
    location_id uuid not null references locations (id),
    variant_id  uuid not null references variants (id),
    lot_id      uuid references lots (id),
    units       integer not null,
    since       timestamptz not null,
    constraint set_apart_units_key unique nulls not distinct (location_id, variant_id, lot_id),
    constraint set_apart_units_check check (units >= 0)
);
