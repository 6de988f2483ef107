drop table rejections;
alter table order_events
    drop constraint order_events_event_check,
    add constraint order_events_event_check check (event in (
        'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
        'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
        'payment_failed')) not valid;
alter table shipments drop column units;
alter table order_lines
    drop constraint order_lines_quantity_check,
    drop column canceled,
    drop column returned,
    drop column parts,
    add constraint order_lines_quantity_check check (quantity > 0) not valid;
