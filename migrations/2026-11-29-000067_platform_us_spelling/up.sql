-- The names of permissions and of types of events; what was packed of older events keeps the words it was told in.
update idempotency_keys set permission = 'orders:fulfill' where permission = 'orders:fulfil';
update outbox_events set event_type = 'orders.order_part_authorized.v1' where event_type = 'orders.order_part_authorised.v1';
