-- The variants of a class at a location: ordered by units sold, those that make up the first 80 % are A, the next 15 %
-- B.
with sold as (
    select l.variant_id,
           coalesce((select sum(m.quantity) from stock_moves as m
                     where m.variant_id = l.variant_id and m.from_location_id = l.location_id and m.to_node = 'customer'
                       and m.recorded_at > $2), 0) as units
    from stock_levels as l where l.location_id = $1
), ranked as (
    select variant_id, units,
           coalesce(sum(units) over (order by units desc, variant_id rows between unbounded preceding and 1 preceding), 0) as before,
           sum(units) over () as total
    from sold
)
select variant_id
from ranked
where $3 = case
    when units = 0 then 'c'
    when before < 0.8 * total then 'a'
    when before < 0.95 * total then 'b'
    else 'c'
end
order by variant_id
