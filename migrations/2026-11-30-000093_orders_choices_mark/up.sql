-- A till's sale of a set whose parts are not chosen as the set says is marked as such.
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location',
        'not_for_sale', 'tax_unknown', 'price_override', 'tenders_differ', 'choices_differ']) not valid;
