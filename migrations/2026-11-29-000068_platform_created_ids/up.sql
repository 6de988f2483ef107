-- A kept outcome names what it created by its identifier; HTTP alone knows the address. Old keys have only the address.
alter table idempotency_keys add column created_id text;
