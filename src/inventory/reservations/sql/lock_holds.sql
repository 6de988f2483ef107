-- Holds by id, or by order those that count, locked in order of id (with "skip locked" after it: those that are free),
-- with their lines and the promises they became that are still open.
-- Lines never change, and promises change under the lock of their order, which is taken before.
select r.*, l.line_variants, l.line_quantities, l.line_versions, a.open_variants, a.open_quantities
from reservations as r
cross join lateral (
    select array_agg(rl.variant_id order by rl.variant_id) as line_variants,
           array_agg(rl.quantity order by rl.variant_id) as line_quantities,
           array_agg(rl.level_version order by rl.variant_id) as line_versions
    from reservation_lines as rl where rl.reservation_id = r.id
) as l
cross join lateral (
    select coalesce(array_agg(p.variant_id order by p.variant_id), '{}') as open_variants,
           coalesce(array_agg(p.quantity order by p.variant_id), '{}') as open_quantities
    from allocations as p
    where p.reservation_id = r.id and p.status = 'open'
) as a
where r.id in (
    select unnest($1::uuid[])
    union
    select o.id from reservations as o where o.order_id = any ($2::uuid[]) and not o.is_replaced
)
order by r.id
for no key update of r
