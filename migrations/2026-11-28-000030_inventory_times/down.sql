drop index stock_moves_told_late_idx;
drop view stock_ends;
create view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at, lot_id
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at, lot_id
    from stock_moves where from_node = 'location';
alter table stock_levels drop column counted_at;
