update orders set marks = array_remove(marks, 'choices_differ') where marks && array['choices_differ'];
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location',
        'not_for_sale', 'tax_unknown', 'price_override', 'tenders_differ']) not valid;
