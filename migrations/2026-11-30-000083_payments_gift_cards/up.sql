-- Gift cards: money that was paid for beforehand. Codes are kept as digests; nobody can read them from here.
create table gift_cards (
    id            uuid primary key,
    code_digest   bytea not null constraint gift_cards_code_key unique,
    last_letters  text not null,
    currency      text not null,
    balance_minor bigint not null,
    held_minor    bigint not null default 0,
    expires_at    timestamptz,
    disabled_at   timestamptz,
    note          text,
    version       bigint not null default 1,
    created_by    uuid not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    constraint gift_cards_balance_check check (held_minor >= 0 and balance_minor >= held_minor)
);
create index gift_cards_created_idx on gift_cards (created_at desc, id desc);
create index gift_cards_last_letters_idx on gift_cards (last_letters, created_at desc, id desc);

-- Each change of a card: what is on it changes by amount_minor, what is held of it by held_minor. A payment's operation
-- has its own id here, so that asking again does nothing twice.
create table gift_card_moves (
    id           uuid primary key,
    gift_card_id uuid not null references gift_cards (id),
    kind         text not null check (kind in ('issue', 'authorize', 'capture', 'release', 'refund', 'adjust')),
    amount_minor bigint not null,
    held_minor   bigint not null,
    payment_id   uuid,
    order_id     uuid,
    reason       text,
    actor_id     uuid,
    created_at   timestamptz not null
);
create index gift_card_moves_card_idx on gift_card_moves (gift_card_id, created_at, id);
create index gift_card_moves_payment_idx on gift_card_moves (payment_id) where payment_id is not null;

alter table payments
    drop constraint payments_gateway_check,
    add constraint payments_gateway_check
        check (gateway in ('manual', 'external', 'sandbox', 'stripe', 'gift_card')) not valid;
