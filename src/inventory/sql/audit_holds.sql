-- A hold has lines, ends exactly once, and a converted one has become allocations of the same units.
(select 'holds_have_lines' as invariant, r.id::text as subject, 'a hold without lines' as detail
 from reservations as r
 where not exists (select 1 from reservation_lines as rl where rl.reservation_id = r.id) limit 1000)
union all
(select 'holds_end_once', r.id::text, format('status %s, closed at %s', r.status, r.closed_at)
 from reservations as r where (r.status = 'active') <> (r.closed_at is null) limit 1000)
union all
(select 'converted_holds_are_allocated', r.id::text,
        format('held %s of %s, allocated %s', rl.quantity, rl.variant_id, coalesce(a.quantity, 0))
 from reservations as r
 join reservation_lines as rl on rl.reservation_id = r.id
 left join allocations as a on a.order_id = r.order_id and a.location_id = r.location_id and a.variant_id = rl.variant_id
 where r.status = 'converted' and rl.quantity is distinct from a.quantity limit 1000)
union all
(select 'holds_have_their_event', r.id::text, 'no event tells of it'
 from reservations as r
 where not exists (select 1 from outbox_events as e
                   where e.aggregate_type = 'reservation' and e.aggregate_id = r.id and e.aggregate_version = 1)
   and r.principal_id <> '00000000-0000-0000-0000-000000000000' limit 1000)
