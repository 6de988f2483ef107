-- Takes a key, by the database's clock, unless it is taken.
insert into idempotency_keys (principal_id, key, fingerprint, permission, status, body, created_at)
values ($1, $2, $3, $4, 0, '', clock_timestamp() + make_interval(secs => $5::bigint))
on conflict do nothing
