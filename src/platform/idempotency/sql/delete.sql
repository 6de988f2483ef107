-- Deletes idempotency keys that were used before a time, the oldest first, at most so many.
delete from idempotency_keys
where ctid = any (array(select ctid from idempotency_keys where created_at < $1 order by created_at limit $2))
