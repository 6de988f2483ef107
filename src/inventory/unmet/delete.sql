delete from unmet_demand
where ctid = any (array(select ctid from unmet_demand where hour < $1 order by hour limit $2))
