-- Writes orders that a batch has changed.
update orders as o
set status = d.status,
    paid_minor = d.paid_minor,
    refunded_minor = d.refunded_minor,
    authorized_minor = d.authorized_minor,
    total_minor = d.total_minor,
    cancel_reason = d.cancel_reason,
    hold_expires_at = d.hold_expires_at,
    location_id = d.location_id,
    also_from = d.also_from::uuid[],
    reservation_id = d.reservation_id,
    customer = d.customer,
    credited_minor = d.credited_minor,
    version = d.version,
    updated_at = d.updated_at
from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::bigint[],
            $8::timestamptz[], $9::bigint[], $10::bigint[], $11::bigint[], $12::uuid[], $13::text[], $14::uuid[], $15::jsonb[],
            $16::bigint[])
    as d (id, status, paid_minor, refunded_minor, cancel_reason, hold_expires_at, version, updated_at, before,
          authorized_minor, total_minor, location_id, also_from, reservation_id, customer, credited_minor)
where o.id = d.id and o.version = d.before
returning 1
