-- Facts to be told, each written in the transaction of its change. The number is not the place in the feed:
-- numbers become visible out of order, so a sequencer gives places after commit.
create table outbox_events (
    id                bigint generated always as identity primary key,
    event_id          uuid not null,
    event_type        text not null,
    aggregate_type    text not null,
    aggregate_id      uuid not null,
    aggregate_version bigint not null,
    location_id       uuid,
    payload           jsonb not null,
    created_at        timestamptz not null
);

-- The answers to writes, under the caller's own key, kept for seven days.
create table idempotency_keys (
    principal_id    uuid not null,
    key             text not null,
    fingerprint     bytea not null,
    permission      text not null,
    location_id     uuid,
    status          smallint not null,
    body            text not null,
    location_header text,
    version         bigint,
    created_at      timestamptz not null,
    constraint idempotency_keys_pkey primary key (principal_id, key),
    constraint idempotency_keys_key_check check (length(key) between 1 and 255)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
