-- Recorded refusals and outcomes without an address cannot be read by what came before: they are given up.
delete from idempotency_keys where status = 400 or created_id is not null;
alter table idempotency_keys drop column created_id;
