drop trigger stock_moves_open_days on stock_moves;
drop function inventory_refuse_closed_days();
drop table stock_closings;
drop table stock_days;
drop index stock_moves_recorded_at_idx;
drop view stock_ends;
create or replace function inventory_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'stock_moves is append-only';
end $$;
