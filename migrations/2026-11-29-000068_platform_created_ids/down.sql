alter table idempotency_keys drop column created_id;
