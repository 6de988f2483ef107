-- How many sellable units of each level are good until which day, as [["2027-01-31", 4], …] in order of day; null while
-- nothing of it expires. It changes with physical work alone, so that a sale learns without a further lock how much of
-- a level its channel may be promised. Units without an expiry are not named.
alter table stock_levels add column dated jsonb;
update stock_levels as s
set dated = d.dated
from (
    select location_id, variant_id, jsonb_agg(jsonb_build_array(expires_on, units) order by expires_on) as dated
    from (
        select b.location_id, b.variant_id, l.expires_on, sum(b.quantity) as units
        from lot_balances as b
        join lots as l on l.id = b.lot_id
        where b.condition = 'sellable' and b.quantity > 0 and l.expires_on is not null
        group by b.location_id, b.variant_id, l.expires_on
    ) as each
    group by location_id, variant_id
) as d
where d.location_id = s.location_id and d.variant_id = s.variant_id;
