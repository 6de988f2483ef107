drop view stock_ends;
alter table stock_levels
    drop constraint stock_levels_available_check,
    drop constraint stock_levels_counters_check,
    drop column uncovered,
    drop column has_lots,
    add constraint stock_levels_counters_check check (
        on_hand >= 0 and damaged >= 0 and quality_hold >= 0 and returned >= 0 and expired >= 0
        and allocated >= 0 and reserved >= 0 and in_transit >= 0 and safety_stock >= 0
        and reorder_threshold >= 0 and reorder_quantity >= 0 and backorder_limit >= 0),
    add constraint stock_levels_available_check check (
        on_hand - damaged - quality_hold - returned - expired - allocated - reserved - safety_stock >= -backorder_limit);
drop table lot_balances, stock_months;
drop function inventory_close_month(date, timestamptz);
alter table stock_moves rename to stock_moves_by_month;
create table stock_moves (
    like stock_moves_by_month including defaults including constraints
);
insert into stock_moves select * from stock_moves_by_month;
drop table stock_moves_by_month;
drop function inventory_make_month(timestamptz);
alter table stock_moves
    drop column lot_id,
    add constraint stock_moves_pkey primary key (id),
    add foreign key (variant_id) references variants (id),
    add foreign key (from_location_id) references locations (id),
    add foreign key (to_location_id) references locations (id);
drop table lots;
create index stock_moves_variant_id_idx on stock_moves (variant_id, recorded_at);
create index stock_moves_cause_id_idx on stock_moves (cause_id);
create index stock_moves_from_location_id_idx on stock_moves (from_location_id);
create index stock_moves_to_location_id_idx on stock_moves (to_location_id);
create index stock_moves_recorded_at_idx on stock_moves using brin (recorded_at);
create trigger stock_moves_append_only before update or delete on stock_moves
    for each row execute function inventory_refuse_change();
create trigger stock_moves_no_truncate before truncate on stock_moves
    for each statement execute function inventory_refuse_change();
create trigger stock_moves_open_days after insert on stock_moves referencing new table as added
    for each statement execute function inventory_refuse_closed_days();
create view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at
    from stock_moves where from_node = 'location';
