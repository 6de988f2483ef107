drop table allocations, reservation_lines, reservations, stock_moves, stock_levels, locations; drop function inventory_refuse_change;
