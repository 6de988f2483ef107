drop table user_links;
-- The version before knows no dates: what does not hold now, or is to end, would be held for ever.
delete from grants where starts_at > now() or ends_at is not null;
alter table grants
    drop constraint grants_dates_check,
    drop column ends_at,
    drop column starts_at;
-- Nobody who has chosen no password can sign in.
update users set password_hash = '!' where password_hash is null;
alter table users
    alter column password_hash set not null,
    drop column updated_at,
    drop column version;
