drop index idempotency_keys_created_at_idx;
create index idempotency_keys_created_at_idx on idempotency_keys using brin (created_at);
