-- A session is all that came of one sign-in: it is listed and ended as one. Its id is the family of its refresh tokens,
-- which the version before writes without it: no key leads from there to here.
create table sessions (
    id           uuid primary key,
    user_id      uuid not null references users (id),
    started_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null,
    address      text,
    user_agent   text,
    ended_at     timestamptz
);
create index sessions_user_id_idx on sessions (user_id, last_used_at);
create index sessions_expires_at_idx on sessions (expires_at);
insert into sessions (id, user_id, started_at, last_used_at, expires_at, ended_at)
select family_id, user_id, min(created_at), max(created_at), max(expires_at),
       case when bool_and(revoked_at is not null) then max(revoked_at) end
from refresh_tokens
group by family_id, user_id;
-- A token that was used tells its successor again from this number.
alter table refresh_tokens add column successor_nonce bytea;
