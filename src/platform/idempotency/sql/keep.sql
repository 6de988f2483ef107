-- Adds the idempotency keys of a batch with their answers.
insert into idempotency_keys
    (created_at, principal_id, key, fingerprint, permission, location_id, status, body, packed, created_id, version)
select $1, k.principal_id, k.key, k.fingerprint, k.permission, k.location_id, k.status, '', k.packed, k.created_id,
       k.version
from unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::uuid[], $7::smallint[], $8::bytea[], $9::text[],
            $10::bigint[])
    as k (principal_id, key, fingerprint, permission, location_id, status, packed, created_id, version)
returning 1
