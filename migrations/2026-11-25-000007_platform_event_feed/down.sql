drop index idempotency_keys_created_at_idx;
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
drop table event_head;
drop table event_feed;
drop table event_pending;
