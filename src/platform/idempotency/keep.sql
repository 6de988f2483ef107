insert into idempotency_keys
    (created_at, principal_id, key, fingerprint, permission, location_id, status, body, location_header, version)
select $1, k.*
from unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::uuid[], $7::smallint[], $8::text[], $9::text[],
            $10::bigint[]) as k
returning 1
