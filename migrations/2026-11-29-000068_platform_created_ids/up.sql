-- A kept outcome names what it created by its identifier; HTTP alone knows the address. Old keys have only the address.
alter table idempotency_keys add column created_id text;

-- A declined payment and a wrong pickup code were kept as successes that the caller read anew. They are kept as refusals
-- from now on; the old ones are given up, so that a retry is decided again. The outcome of a wrong code was a few bytes,
-- whereas that of any other step of fulfillment is an order with its identifiers.
delete from idempotency_keys as k using payments as p
where k.key = E'\x01' || p.id::text and p.status = 'declined';
delete from idempotency_keys
where permission = 'orders:fulfill' and status = 200 and octet_length(coalesce(packed, convert_to(body, 'UTF8'))) < 64;
