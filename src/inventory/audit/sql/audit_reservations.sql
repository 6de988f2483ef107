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
 left join allocations as a on a.reservation_id = r.id and a.variant_id = rl.variant_id
 where r.status = 'converted' and rl.quantity is distinct from a.quantity limit 1000)
union all
(select 'replaced_holds_hold_nothing', r.id::text, format('status %s, %s promises not given up', r.status, count(a.id))
 from reservations as r left join allocations as a on a.reservation_id = r.id and a.status <> 'released'
 where r.is_replaced group by r.id having r.status = 'active' or count(a.id) > 0 limit 1000)
union all
(select 'holds_have_their_event', r.id::text, 'no event tells of it'
 from reservations as r
 where not exists (select 1 from outbox_events as e
                   where e.aggregate_type = 'reservation' and e.aggregate_id = r.id and e.aggregate_version = 1)
   -- Events of before may have been deleted for their age.
   and r.created_at >= (select deleted_before from event_head)
   and r.order_id is null and r.principal_id <> '00000000-0000-0000-0000-000000000000' limit 1000)
union all
(select 'allocations_come_from_holds', a.id::text, format('%s of %s without a hold', a.quantity, a.variant_id)
 from allocations as a
 where not exists (select 1 from reservations as r join reservation_lines as rl on rl.reservation_id = r.id
                   where r.id = a.reservation_id and r.order_id = a.order_id and r.location_id = a.location_id and r.status = 'converted'
                     and rl.variant_id = a.variant_id) limit 1000)
union all
(select 'conditions_fit_on_hand', l.location_id || '/' || l.variant_id,
        format('on_hand is %s, damaged, held, returned and expired add up to %s', l.on_hand, l.damaged + l.quality_hold + l.returned + l.expired)
 from stock_levels as l where l.damaged + l.quality_hold + l.returned + l.expired > l.on_hand limit 1000)
union all
(select 'closed_locations_are_empty', l.id::text, format('closed, with %s on hand, %s held or promised', s.on_hand, s.held)
 from locations as l
 join (select location_id, sum(on_hand) as on_hand, sum(reserved + allocated) as held from stock_levels group by location_id) as s
   on s.location_id = l.id
 where l.closed_at is not null and (s.on_hand <> 0 or s.held <> 0) limit 1000)
union all
(select 'hold_references_lead_somewhere', r.id::text, 'its location is not there'
 from reservations as r where not exists (select from locations as l where l.id = r.location_id) limit 1000)
union all
(select 'hold_references_lead_somewhere', rl.reservation_id || '/' || rl.variant_id, 'its hold or its variant is not there'
 from reservation_lines as rl
 where not exists (select from reservations as r where r.id = rl.reservation_id)
    or not exists (select from variants as v where v.id = rl.variant_id) limit 1000)
