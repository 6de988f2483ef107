-- Users are changed by people: with versions, dates of their grants, and links by which they choose a password.
alter table users
    add column version bigint not null default 1,
    add column updated_at timestamptz,
    alter column password_hash drop not null;
alter table grants
    add column starts_at timestamptz,
    add column ends_at timestamptz,
    add constraint grants_dates_check check (starts_at < ends_at) not valid;
create table user_links (
    token_hash bytea primary key,
    user_id    uuid not null references users (id),
    expires_at timestamptz not null,
    created_by uuid not null,
    created_at timestamptz not null
);
create index user_links_user_id_idx on user_links (user_id);
