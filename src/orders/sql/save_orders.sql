update orders as o
set status = d.status,
    paid_minor = d.paid_minor,
    refunded_minor = d.refunded_minor,
    authorised_minor = d.authorised_minor,
    cancel_reason = d.cancel_reason,
    hold_expires_at = d.hold_expires_at,
    version = d.version,
    updated_at = d.updated_at
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::bigint[],
            $8::timestamptz[], $9::bigint[], $10::bigint[])
    as d (id, status, paid_minor, refunded_minor, cancel_reason, hold_expires_at, version, updated_at, before,
          authorised_minor)
where o.id = d.id and o.version = d.before
returning 1
