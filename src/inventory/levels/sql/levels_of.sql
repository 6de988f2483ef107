-- For each of several variants its levels at the locations one may see, at most so many each.
select l.*,
       case when l.dated is not null
            then (select ($4::timestamptz at time zone p.time_zone)::date from locations as p where p.id = l.location_id)
       end as today
from unnest($1::uuid[]) as of (variant_id)
cross join lateral (
    select *
    from stock_levels as s
    where s.variant_id = of.variant_id
      and ($2::uuid[] is null or s.location_id = any ($2))
    order by s.location_id
    limit $3
) as l
order by l.variant_id, l.location_id
