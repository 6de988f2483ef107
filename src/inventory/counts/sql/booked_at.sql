-- What the books said at moments of the past: what they say now, less what has moved since.
select (n.units - coalesce(s.units, 0))::integer as units
from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality as w (variant_id, lot_id, at, no)
cross join (select $1::uuid as location_id) as p
cross join lateral (
    select case
        when w.lot_id is null then
            coalesce((select l.on_hand from stock_levels as l
                      where l.location_id = p.location_id and l.variant_id = w.variant_id), 0)
            - coalesce((select sum(b.quantity) from lot_balances as b
                        where b.location_id = p.location_id and b.variant_id = w.variant_id), 0)
        else coalesce((select sum(b.quantity) from lot_balances as b
                       where b.location_id = p.location_id and b.variant_id = w.variant_id and b.lot_id = w.lot_id), 0)
    end as units
) as n
cross join lateral (
    select sum(e.units) as units
    from stock_ends as e
    where e.variant_id = w.variant_id and e.location_id = p.location_id and e.recorded_at > w.at
      and e.lot_id is not distinct from w.lot_id
) as s
order by w.no
