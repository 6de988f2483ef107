-- Orders that are promised units of levels whose goods are gone: the youngest, as many as it takes to cover what is
-- short.
select distinct order_id, location_id
from (
    select a.order_id, a.location_id, l.uncovered,
           sum(a.quantity) over (partition by a.location_id, a.variant_id order by a.created_at desc, a.id desc) - a.quantity
               as younger
    from (select location_id, variant_id, uncovered from stock_levels where uncovered > 0 and allocated > 0
          order by uncovered desc limit $1) as l
    join allocations as a on a.location_id = l.location_id and a.variant_id = l.variant_id and a.status = 'open'
) as promised
where younger < uncovered
