-- What was told later of what had happened before moments of the past: units that came or went then, by variant and
-- lot.
select coalesce(s.units, 0)::integer as units
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality as w (variant_id, lot_id, at, no)
cross join lateral (
    select sum(e.units) as units
    from stock_ends as e
    where e.variant_id = w.variant_id and e.location_id = $1 and e.lot_id is not distinct from w.lot_id
      and e.occurred_at < e.recorded_at and e.recorded_at > w.at and e.occurred_at < w.at
) as s
order by w.no
