-- Deletes refresh tokens that have expired before a time, the oldest first, at most so many.
delete from refresh_tokens
where ctid = any (array(select ctid from refresh_tokens where expires_at < $1 order by expires_at limit $2))
