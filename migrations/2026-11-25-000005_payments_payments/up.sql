create table payments (
    id               uuid primary key,
    order_id         uuid not null,
    location_id      uuid not null,
    gateway          text not null,
    status           text not null,
    currency         text not null,
    authorised_minor bigint not null,
    captured_minor   bigint not null default 0,
    refunded_minor   bigint not null default 0,
    reference        text,
    version          bigint not null default 1,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    constraint payments_gateway_check check (gateway in ('manual')),
    constraint payments_status_check check (status in ('captured', 'refunded')),
    constraint payments_currency_check check (currency ~ '^[A-Z]{3}$'),
    constraint payments_amounts_check check (
        authorised_minor > 0 and captured_minor between 0 and authorised_minor
        and refunded_minor between 0 and captured_minor)
);
create index payments_order_id_idx on payments (order_id);
