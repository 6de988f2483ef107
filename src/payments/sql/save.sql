-- Writes payments that a batch has changed.
update payments as p
set updated_at = $1,
    status = d.status,
    captured_minor = d.captured_minor,
    refunded_minor = d.refunded_minor,
    asked_capture_minor = d.asked_capture_minor,
    asked_refund_minor = d.asked_refund_minor,
    is_released = d.is_released,
    gateway_ref = d.gateway_ref,
    action = d.action,
    failure = d.failure,
    version = d.version
from unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::boolean[], $9::text[],
            $10::text[], $11::text[], $12::bigint[], $13::bigint[])
    as d (id, status, captured_minor, refunded_minor, asked_capture_minor, asked_refund_minor, is_released, gateway_ref,
          action, failure, version, before)
where p.id = d.id and p.version = d.before
returning 1
