-- Deletes sessions that have expired before a time, the oldest first, at most so many.
delete from sessions
where ctid = any (array(select ctid from sessions where expires_at < $1 order by expires_at limit $2))
