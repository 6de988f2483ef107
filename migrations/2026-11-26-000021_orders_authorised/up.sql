-- What payers have promised and has not been taken yet stands beside what was taken. An order may be paid beyond its
-- total for a while: when a part of it is given up, until the rest has been given back.
alter table orders
    add column authorised_minor bigint not null default 0,
    drop constraint orders_paid_minor_check,
    add constraint orders_money_check check (
        paid_minor >= 0 and authorised_minor >= 0 and refunded_minor between 0 and paid_minor);
alter table order_events
    drop constraint order_events_event_check,
    add constraint order_events_event_check check (event in (
        'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
        'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided', 'payment_failed'));
