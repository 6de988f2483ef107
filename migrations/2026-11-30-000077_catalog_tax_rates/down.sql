-- The older version reads no groups and no regions of customers.
update orders set customer = (customer - 'groups') #- '{address,region}'
where customer ? 'groups' or customer #> '{address,region}' is not null;
update orders set marks = array_remove(marks, 'tax_unknown') where 'tax_unknown' = any (marks);
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location',
        'not_for_sale']) not valid;
alter table return_lines drop column tax_minor;
alter table order_lines drop column tax;
alter table products drop column tax_class;
drop table tax_rates;
