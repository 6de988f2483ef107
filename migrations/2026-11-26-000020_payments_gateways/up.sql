-- Payments through gateways: authorised first, captured as goods leave. What was asked of a gateway stands beside what
-- it has done, so that nothing is asked twice. `is_released`: what is not captured is given up.
alter table payments
    drop constraint payments_gateway_check,
    drop constraint payments_status_check,
    drop constraint payments_amounts_check,
    add column asked_capture_minor bigint not null default 0,
    add column asked_refund_minor  bigint not null default 0,
    add column is_released         boolean not null default false,
    add column is_single_capture   boolean not null default false,
    add column method              text,
    add column gateway_ref         text,
    add column action              text,
    add column failure             text;
update payments set asked_capture_minor = captured_minor, asked_refund_minor = refunded_minor, is_released = true;
alter table payments
    add constraint payments_gateway_check check (gateway in ('manual', 'external', 'sandbox', 'stripe')),
    add constraint payments_status_check check (status in ('pending', 'requires_action', 'authorised', 'captured',
                                                           'refunded', 'voided', 'declined')),
    add constraint payments_amounts_check check (
        authorised_minor > 0 and asked_capture_minor between 0 and authorised_minor
        and captured_minor between 0 and asked_capture_minor
        and asked_refund_minor between 0 and asked_capture_minor
        and refunded_minor between 0 and asked_refund_minor);
create unique index payments_gateway_ref_idx on payments (gateway, gateway_ref) where gateway_ref is not null;

-- What is asked of a gateway: written with the change that needs it, called afterwards under its id as the idempotency
-- key, and closed with what came of it.
create table payment_operations (
    id           uuid primary key,
    payment_id   uuid not null references payments (id),
    order_id     uuid not null,
    kind         text not null,
    amount_minor bigint not null,
    is_final     boolean not null,
    state        text not null default 'open',
    attempts     integer not null default 0,
    next_at      timestamptz not null,
    gateway_ref  text,
    failure      text,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint payment_operations_kind_check check (kind in ('authorise', 'capture', 'void', 'refund')),
    constraint payment_operations_state_check check (state in ('open', 'done', 'failed')),
    constraint payment_operations_amount_check check (amount_minor > 0 or (kind = 'void' and amount_minor = 0)),
    constraint payment_operations_attempts_check check (attempts >= 0)
);
create index payment_operations_payment_id_idx on payment_operations (payment_id);
create index payment_operations_order_id_idx on payment_operations (order_id);
create index payment_operations_open_idx on payment_operations (next_at) where state = 'open';

-- The sandbox is a payment provider to try things with: its own books of what it was asked and what it did.
create table sandbox_intents (
    id               uuid primary key,
    method           text not null,
    currency         text not null,
    status           text not null,
    authorised_minor bigint not null,
    captured_minor   bigint not null default 0,
    refunded_minor   bigint not null default 0,
    constraint sandbox_intents_status_check check (status in ('requires_action', 'authorised', 'declined', 'captured', 'voided')),
    constraint sandbox_intents_amounts_check check (
        authorised_minor > 0 and captured_minor between 0 and authorised_minor and refunded_minor between 0 and captured_minor)
);
create table sandbox_calls (
    key          uuid primary key,
    intent_id    uuid not null,
    kind         text not null,
    amount_minor bigint not null,
    answer       text not null,
    calls        integer not null default 1
);
create index sandbox_calls_intent_id_idx on sandbox_calls (intent_id);
