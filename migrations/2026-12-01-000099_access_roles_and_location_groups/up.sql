-- Roles that a brand makes of permissions beside the built-in ones, and groups of locations at which roles are held.
create table roles (
    code        text primary key check (code ~ '^[a-z][a-z0-9_]{1,31}$'),
    name        text not null,
    permissions text[] not null,
    version     bigint not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null
);
create table location_groups (
    id         uuid primary key,
    code       text not null check (code ~ '^[a-z][a-z0-9_]{1,31}$'),
    name       text not null,
    version    bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint location_groups_code_key unique (code)
);
create table location_group_members (
    group_id    uuid not null references location_groups (id) on delete cascade,
    location_id uuid not null,
    primary key (group_id, location_id)
);
-- A grant for a group has the group's id where others have a location's: a server of before takes it for a location that
-- does not exist, never for everywhere.
alter table grants
    drop constraint grants_role_check,
    add column is_group boolean not null default false,
    add constraint grants_group_check check (not is_group or location_id is not null) not valid;
alter table grants validate constraint grants_group_check;
create index grants_role_idx on grants (role);
create index grants_location_id_idx on grants (location_id) where location_id is not null;
