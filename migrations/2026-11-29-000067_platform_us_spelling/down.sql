update outbox_events set event_type = 'orders.order_part_authorised.v1' where event_type = 'orders.order_part_authorized.v1';
update idempotency_keys set permission = 'orders:fulfil' where permission = 'orders:fulfill';
