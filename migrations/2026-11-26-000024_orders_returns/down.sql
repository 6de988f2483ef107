alter table orders
    drop column exchange_for,
    drop column credited_minor,
    drop constraint orders_status_check,
    add constraint orders_status_check check (status in (
        'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'canceled')) not valid;
drop table reaction_cases;
drop table return_lines;
drop table returns;
