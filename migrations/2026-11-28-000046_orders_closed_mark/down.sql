update orders set marks = array_remove(marks, 'closed_location') where 'closed_location' = any (marks);
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found']);
