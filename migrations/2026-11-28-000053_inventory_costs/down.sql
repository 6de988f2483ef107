drop table cost_book;
drop table cost_changes;
drop view stock_ends;
create view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at, lot_id,
           occurred_at
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at, lot_id, occurred_at
    from stock_moves where from_node = 'location';
alter table stock_moves drop column unit_cost;
alter table stock_levels drop constraint stock_levels_costed_check, drop column costed, drop column average_cost;
