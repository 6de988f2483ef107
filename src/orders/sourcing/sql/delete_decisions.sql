-- Deletes sourcing decisions made before a time, the oldest first, at most so many.
delete from sourcing_decisions
where ctid = any (array(select ctid from sourcing_decisions where decided_at < $1 order by decided_at limit $2))
