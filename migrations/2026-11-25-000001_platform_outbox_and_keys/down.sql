drop table idempotency_keys, outbox_events;
