-- What each move did to each location that it touched: units in, or out as a negative number, of one condition.
create view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at
    from stock_moves where from_node = 'location';

-- The ledger is written in order of time, so the moves of a day stand together.
create index stock_moves_recorded_at_idx on stock_moves using brin (recorded_at);

-- Days (UTC) whose moves are all in. A day is closed once, after all days before it.
create table stock_days (
    day       date primary key,
    closed_at timestamptz not null
);

-- What was there when a day ended, for each level that moved on it: a moment of the past is the last closing before it
-- and the moves since.
create table stock_closings (
    location_id  uuid not null references locations (id),
    variant_id   uuid not null references variants (id),
    day          date not null references stock_days (day),
    on_hand      integer not null,
    damaged      integer not null,
    quality_hold integer not null,
    returned     integer not null,
    expired      integer not null,
    constraint stock_closings_pkey primary key (location_id, variant_id, day)
);
create index stock_closings_variant_id_idx on stock_closings (variant_id);
create index stock_closings_day_idx on stock_closings (day);
create trigger stock_closings_append_only before update or delete on stock_closings
    for each row execute function inventory_refuse_change();
create trigger stock_days_append_only before update or delete on stock_days
    for each row execute function inventory_refuse_change();

create or replace function inventory_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;

-- Nothing is written into a closed day.
create function inventory_refuse_closed_days() returns trigger language plpgsql as $$
begin
    if exists (select from added as a join stock_days as d on d.day = (a.recorded_at at time zone 'UTC')::date) then
        raise exception 'a move is recorded on a day that is closed';
    end if;
    return null;
end $$;
create trigger stock_moves_open_days after insert on stock_moves referencing new table as added
    for each statement execute function inventory_refuse_closed_days();
