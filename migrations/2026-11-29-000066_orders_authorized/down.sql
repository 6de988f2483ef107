alter table orders rename column authorized_minor to authorised_minor;
alter table order_events drop constraint order_events_event_check;
alter table order_events disable trigger user;
update order_events set event = 'part_authorised' where event = 'part_authorized';
alter table order_events enable trigger user;
alter table order_events add constraint order_events_event_check check (event in (
    'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
    'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
    'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
    'part_returned', 'returned', 'reviewed', 'parcel_lost', 'parcel_returned_to_sender'));
