-- Old keys are found by their age. Space of forgotten keys is used again, after which age no longer follows the place in
-- the table, and a block range index would have every round of forgetting read the table whole.
drop index idempotency_keys_created_at_idx;
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
