-- A page of levels for each of several locations, in order of variant.
select l.*,
       case when l.dated is not null
            then (select ($5::timestamptz at time zone p.time_zone)::date from locations as p where p.id = l.location_id)
       end as today
from unnest($1::uuid[]) as at (location_id)
cross join lateral (
    select *
    from stock_levels as s
    where s.location_id = at.location_id
      and ($2::uuid is null or s.variant_id > $2)
      and ($3::uuid[] is null or s.variant_id = any ($3))
    order by s.variant_id
    limit $4
) as l
order by l.location_id, l.variant_id
