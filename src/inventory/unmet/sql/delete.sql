-- Deletes unmet demand of hours before a time, the oldest first, at most so many.
delete from unmet_demand
where ctid = any (array(select ctid from unmet_demand where hour < $1 order by hour limit $2))
