update orders set marks = array_remove(marks, 'not_for_sale') where 'not_for_sale' = any (marks);
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location']) not valid;
