-- A session tells when its last access token expires, whatever the settings say by then; grants begin when they are given.
alter table sessions add column token_expires_at timestamptz;
update grants set starts_at = created_at where starts_at is null and coalesce(ends_at > created_at, true);
create index user_links_created_by_idx on user_links (created_by);
