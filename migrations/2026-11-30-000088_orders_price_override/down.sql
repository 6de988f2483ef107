update orders set marks = array_remove(array_remove(marks, 'price_override'), 'tenders_differ')
where marks && array['price_override', 'tenders_differ'];
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location',
        'not_for_sale', 'tax_unknown']) not valid;
