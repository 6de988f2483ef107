drop table sandbox_calls;
drop table sandbox_intents;
drop table payment_operations;
drop index payments_gateway_ref_idx;
alter table payments
    drop constraint payments_gateway_check,
    drop constraint payments_status_check,
    drop constraint payments_amounts_check,
    drop column asked_capture_minor,
    drop column asked_refund_minor,
    drop column is_released,
    drop column is_single_capture,
    drop column method,
    drop column gateway_ref,
    drop column action,
    drop column failure,
    add constraint payments_gateway_check check (gateway in ('manual')),
    add constraint payments_status_check check (status in ('captured', 'refunded')),
    add constraint payments_amounts_check check (
        authorised_minor > 0 and captured_minor between 0 and authorised_minor
        and refunded_minor between 0 and captured_minor);
