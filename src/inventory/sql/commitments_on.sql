-- To whom units of a level are promised, the most first.
select 'allocated' as kind, 'order' as holder, a.order_id as id, sum(a.quantity)::bigint as units
from allocations as a
where a.location_id = $1 and a.variant_id = $2 and a.status = 'open'
group by a.order_id
union all
select 'reserved', case when r.order_id is null then 'reservation' else 'order' end, coalesce(r.order_id, r.id),
       sum(l.quantity)::bigint
from reservations as r
join reservation_lines as l on l.reservation_id = r.id
where r.location_id = $1 and l.variant_id = $2 and r.status = 'active'
group by 2, 3
order by units desc, id
limit $3
