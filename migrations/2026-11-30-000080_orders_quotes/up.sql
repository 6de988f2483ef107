-- Prices of carts that are honored until a moment.
create table quotes (
    id           uuid primary key,
    principal_id uuid not null,
    quoted       jsonb not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null
);
create index quotes_expires_at_idx on quotes (expires_at);
