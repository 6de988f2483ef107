create table users (
    id                uuid primary key,
    email             text not null,
    name              text not null,
    password_hash     text not null,
    disabled_at       timestamptz,
    tokens_valid_from timestamptz not null,
    created_at        timestamptz not null
);
create unique index users_email_key on users (lower(email));

create table grants (
    id          uuid primary key,
    user_id     uuid not null references users (id),
    role        text not null,
    location_id uuid,
    created_at  timestamptz not null,
    constraint grants_role_check check (role in ('admin', 'catalog_manager', 'store_manager', 'warehouse_staff', 'cashier', 'support', 'analyst'))
);
create unique index grants_user_role_location_key on grants (user_id, role, coalesce(location_id, '00000000-0000-0000-0000-000000000000'));

create table refresh_tokens (
    token_hash bytea primary key,
    user_id    uuid not null references users (id),
    family_id  uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    revoked_at timestamptz
);
create index refresh_tokens_user_id_idx on refresh_tokens (user_id);
create index refresh_tokens_family_id_idx on refresh_tokens (family_id);
