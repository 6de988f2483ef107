delete from refresh_tokens
where ctid = any (array(select ctid from refresh_tokens where expires_at < $1 order by expires_at limit $2))
