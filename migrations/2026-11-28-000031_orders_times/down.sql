drop index orders_customer_id_idx;
drop index orders_customer_email_idx;
drop trigger fill_times on orders;
drop function orders_fill_times();
alter table orders
    drop column occurred_at,
    drop column business_date,
    drop column marks,
    drop column sale_fingerprint,
    drop column conflict_with,
    drop column reviewed_at;
delete from order_events where event = 'reviewed';
alter table order_events drop constraint order_events_event_check, add constraint order_events_event_check check (event in (
    'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
    'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
    'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
    'part_returned', 'returned'));
