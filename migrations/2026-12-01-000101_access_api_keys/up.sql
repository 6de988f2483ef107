-- Keys with which programs act, such as tills and integrations. Of a secret the digest is kept alone.
create table api_keys (
    id                uuid primary key,
    name              text not null,
    permissions       text[] not null,
    location_ids      uuid[],
    location_group_id uuid references location_groups (id),
    channel           text,
    expires_at        timestamptz,
    last_used_at      timestamptz,
    revoked_at        timestamptz,
    revoked_by        uuid,
    version           bigint not null,
    created_by        uuid not null,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    constraint api_keys_places_check check (location_ids is null or location_group_id is null)
);
create index api_keys_location_group_id_idx on api_keys (location_group_id) where location_group_id is not null;
create table api_key_secrets (
    id           uuid primary key,
    api_key_id   uuid not null references api_keys (id),
    digest       bytea not null,
    prefix       text not null,
    created_at   timestamptz not null,
    ends_at      timestamptz,
    last_used_at timestamptz,
    constraint api_key_secrets_digest_key unique (digest)
);
create index api_key_secrets_api_key_id_idx on api_key_secrets (api_key_id);
