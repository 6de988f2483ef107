alter table order_events
    drop constraint order_events_event_check,
    add constraint order_events_event_check check (event in (
        'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled')) not valid;
alter table orders
    drop constraint orders_money_check,
    drop column authorised_minor,
    add constraint orders_paid_minor_check check (
        paid_minor between 0 and total_minor and refunded_minor between 0 and paid_minor) not valid;
