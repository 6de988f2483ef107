-- Orders add up, stand as their holds and promises stand, and are paid as their payments say.
with sums as (
    select order_id, sum(total_minor) as total, count(*) as lines from order_lines group by order_id
), money as (
    select order_id, sum(captured_minor) as captured, sum(refunded_minor) as refunded,
           sum(asked_capture_minor - asked_refund_minor) as kept,
           sum(case when status in ('authorized', 'captured') and is_released then asked_capture_minor - captured_minor
                    when status in ('authorized', 'captured') then authorized_minor - captured_minor else 0 end) as authorized,
           bool_or(failure is not null and status <> 'declined') as has_failed
    from payments group by order_id
), promised as (
    select order_id, count(*) filter (where status = 'open') as open, count(*) filter (where status = 'shipped') as shipped
    from allocations group by order_id
)
(select 'order_totals_add_up' as invariant, o.id::text as subject,
        format('total is %s, lines add up to %s and shipping to %s', o.total_minor, s.total, o.shipping_minor) as detail
 from orders as o left join sums as s on s.order_id = o.id
 where s.total + o.shipping_minor is distinct from o.total_minor limit 1000)
union all
(select 'shipping_adds_up', o.id::text,
        format('charged %s for shipping: %s, less discounts of %s', o.shipping_minor, o.shipping ->> 'charge_minor', d.amount)
 from orders as o
 cross join lateral (select coalesce(sum((of ->> 'amount_minor')::bigint), 0) as amount
                     from jsonb_array_elements(o.shipping -> 'discounts') as of) as d
 where o.shipping is not null and o.shipping_minor <> (o.shipping ->> 'charge_minor')::bigint - d.amount
 limit 1000)
union all
(select 'orders_are_paid_as_payments_say', o.id::text,
        format('paid %s, refunded %s and promised %s, payments captured %s, refunded %s and authorized %s',
               o.paid_minor, o.refunded_minor, o.authorized_minor, m.captured, m.refunded, m.authorized)
 from orders as o left join money as m on m.order_id = o.id
 where coalesce(m.captured, 0) <> o.paid_minor or coalesce(m.refunded, 0) <> o.refunded_minor
    or coalesce(m.authorized, 0) <> o.authorized_minor limit 1000)
union all
(select 'confirmed_orders_are_paid', o.id::text,
        format('%s with %s of %s paid and %s promised', o.status, o.paid_minor - o.refunded_minor, o.total_minor, o.authorized_minor)
 from orders as o left join money as m on m.order_id = o.id
 where o.status in ('confirmed', 'processing', 'shipped', 'delivered', 'returned')
   and o.paid_minor - o.refunded_minor + o.authorized_minor < o.total_minor - o.credited_minor and m.has_failed is distinct from true limit 1000)
union all
(select 'no_more_is_kept_than_an_order_costs', o.id::text, format('%s kept of a total of %s', m.kept, o.total_minor)
 from orders as o join money as m on m.order_id = o.id
 where m.kept > case o.status when 'canceled' then 0 else o.total_minor - o.credited_minor end and m.has_failed is distinct from true limit 1000)
union all
(select 'canceled_orders_keep_no_money', o.id::text, format('%s kept, %s promised', m.kept, o.authorized_minor)
 from orders as o join money as m on m.order_id = o.id
 where o.status = 'canceled' and (m.kept <> 0 or o.authorized_minor <> 0 and m.captured = m.refunded)
   and m.has_failed is distinct from true limit 1000)
union all
(select 'operations_add_up_to_what_was_asked', p.id::text, format('%s asked to be captured, %s of it as operations', p.asked_capture_minor, s.captures)
 from payments as p
 left join (select payment_id, coalesce(sum(amount_minor) filter (where kind = 'capture' and state <> 'failed'), 0) as captures,
                   coalesce(sum(amount_minor) filter (where kind = 'refund' and state <> 'failed'), 0) as refunds,
                   coalesce(sum(amount_minor) filter (where kind = 'capture' and state = 'done'), 0) as captured,
                   coalesce(sum(amount_minor) filter (where kind = 'refund' and state = 'done'), 0) as refunded,
                   count(*) filter (where kind = 'authorize') as authorizations
            from payment_operations group by payment_id) as s on s.payment_id = p.id
 where p.gateway in ('manual', 'external')
   and (p.asked_capture_minor <> p.captured_minor or p.asked_refund_minor <> p.refunded_minor)
    or p.gateway not in ('manual', 'external')
   and (s.captures is distinct from p.asked_capture_minor or s.refunds is distinct from p.asked_refund_minor
        or s.captured is distinct from p.captured_minor or s.refunded is distinct from p.refunded_minor
        or s.authorizations is distinct from 1) limit 1000)
union all
(select 'orders_stand_as_their_holds', o.id::text, format('order is %s, its hold %s', o.status, r.status)
 from orders as o join reservations as r on r.order_id = o.id or r.id = o.reservation_id
 where r.order_id is distinct from o.id
    or not r.is_replaced and (not (r.location_id = o.location_id or r.location_id = any (o.also_from))
    or (o.status = 'pending' and r.status not in ('active', 'expired'))
    or (o.status in ('confirmed', 'processing', 'shipped', 'delivered', 'returned') and r.status <> 'converted')
    or (o.status = 'canceled' and r.status = 'active')) limit 1000)
union all
(select 'orders_stand_as_their_promises', o.id::text,
        format('order is %s, with %s open and %s shipped allocations', o.status, p.open, p.shipped)
 from orders as o left join promised as p on p.order_id = o.id
 where (o.status in ('pending', 'canceled') and coalesce(p.open, 0) + coalesce(p.shipped, 0) > 0)
    or (o.status in ('confirmed', 'processing') and coalesce(p.open, 0) = 0)
    or (o.status = 'confirmed' and p.shipped > 0)
    or (o.status in ('shipped', 'delivered', 'returned') and (coalesce(p.shipped, 0) = 0 or p.open > 0)) limit 1000)
union all
(select 'shipped_orders_are_in_the_ledger', o.id::text,
        format('%s of %s shipped, the ledger has %s', a.quantity, a.variant_id, coalesce(m.quantity, 0))
 from orders as o
 join (select order_id, location_id, variant_id, sum(quantity) as quantity from allocations
       where status = 'shipped' group by order_id, location_id, variant_id) as a on a.order_id = o.id
 left join (
     select cause_id, variant_id, from_location_id, sum(quantity) as quantity
     from stock_moves where reason = 'sale' group by cause_id, variant_id, from_location_id
 ) as m on m.cause_id = o.id and m.variant_id = a.variant_id and m.from_location_id = a.location_id
 where a.quantity is distinct from m.quantity limit 1000)
union all
(select 'orders_have_their_event', o.id::text, 'no event tells that it was placed'
 from orders as o
 where o.placed_by <> '00000000-0000-0000-0000-000000000000'
   and not exists (select 1 from outbox_events as e
                   where e.aggregate_type = 'order' and e.aggregate_id = o.id and e.event_type = 'orders.order_placed.v1')
   -- Events of before may have been deleted for their age.
   and o.created_at >= (select deleted_before from event_head) limit 1000)
union all
(select 'orders_have_their_timeline', o.id::text, format('%s entries tell of version %s', e.entries, o.version)
 from orders as o
 join (select order_id, count(*) as entries, min(version) as first from order_events group by order_id) as e on e.order_id = o.id
-- That an order was placed is told by the order itself, where nothing more is to be told of it.
 where e.first <= 2 and e.entries + e.first - 1 <> o.version limit 1000)
union all
(select 'order_references_lead_somewhere', o.id::text, 'its location or its hold is not there'
 from orders as o
 where not exists (select from locations as l where l.id = o.location_id)
    or not exists (select from reservations as r where r.id = o.reservation_id) limit 1000)
union all
(select 'order_references_lead_somewhere', l.order_id || '/' || l.line_no, 'its order or its variant is not there'
 from order_lines as l
 where not exists (select from orders as o where o.id = l.order_id)
    or not exists (select from variants as v where v.id = l.variant_id) limit 1000)
union all
(select 'order_references_lead_somewhere', e.order_id || '/' || e.version, 'an entry of the timeline of no order'
 from order_events as e where not exists (select from orders as o where o.id = e.order_id) limit 1000)
union all
(select 'one_order_per_hold', o.reservation_id::text, format('%s orders name it', count(*))
 from orders as o group by o.reservation_id having count(*) > 1 limit 1000)
union all
(select 'one_order_per_key', k.order_id::text, format('%s keys were answered with this order', count(*))
 from (select coalesce(created_id, split_part(location_header, '/', 4))::uuid as order_id from idempotency_keys
       where permission = 'orders:place' and status = 201
         and (created_id is not null or location_header like '/v1/orders/%')) as k
 group by k.order_id having count(*) > 1 limit 1000)
union all
(select 'answered_orders_exist', k.key, format('the answer names order %s, which is not there', coalesce(k.created_id, k.location_header))
 from idempotency_keys as k
 where k.permission = 'orders:place' and (k.created_id is not null or k.location_header like '/v1/orders/%')
   and not exists (
       select 1 from orders as o where o.id = coalesce(k.created_id, split_part(k.location_header, '/', 4))::uuid
   ) limit 1000)
union all
(select 'orders_hold_what_they_say', o.id::text, format('ordered %s, held %s', l.units, coalesce(h.units, 0))
 from orders as o
 join (select l.order_id, l.variant_id, sum(l.quantity) as units from order_lines as l
       where not exists (select 1 from order_lines as b where b.order_id = l.order_id and b.parts is not null)
       group by l.order_id, l.variant_id) as l on l.order_id = o.id
 left join (select r.order_id, rl.variant_id, sum(rl.quantity) as units
            from reservations as r join reservation_lines as rl on rl.reservation_id = r.id
            where not r.is_replaced
            group by r.order_id, rl.variant_id)
      as h on h.order_id = o.id and h.variant_id = l.variant_id
 where l.units is distinct from coalesce(h.units, 0) limit 1000)
union all
(select 'returns_add_up', o.id::text,
        format('%s units of line %s came back, its returns say %s; credited %s, its returns %s', l.returned, l.line_no, coalesce(b.units, 0), o.credited_minor, coalesce(c.credited, 0))
 from orders as o
 join order_lines as l on l.order_id = o.id
 left join (select r.order_id, rl.line_no, sum(coalesce(rl.received, rl.quantity)) as units from returns as r
            join return_lines as rl on rl.return_id = r.id
            where r.status in ('received', 'closed') and rl.components is null group by r.order_id, rl.line_no)
      as b on b.order_id = o.id and b.line_no = l.line_no
 left join (select r.order_id, sum(w.worth - r.withheld_minor + r.shipping_minor) as credited
            from returns as r
            join (select return_id, sum(case when components is null then coalesce(worth_minor, unit_minor * coalesce(received, quantity))
                                             else (select sum((c ->> 'worth_minor')::bigint) from jsonb_array_elements(components) as c) end) as worth
                  from return_lines group by return_id) as w
              on w.return_id = r.id
            where r.status = 'closed' group by r.order_id)
      as c on c.order_id = o.id
 where (l.returned <> coalesce(b.units, 0)
        and not exists (select 1 from returns as r join return_lines as rl on rl.return_id = r.id
                        where r.order_id = o.id and rl.line_no = l.line_no and rl.components is not null))
    or o.credited_minor <> coalesce(c.credited, 0) limit 1000)
union all
(select 'shipping_is_given_back_within_its_share', o.id::text,
        format('%s of %s given back, with a tax of %s', b.shipping, o.shipping_minor, b.tax)
 from orders as o
 join (select order_id, sum(shipping_minor) as shipping, sum(shipping_tax_minor) as tax from returns group by order_id) as b
   on b.order_id = o.id
 cross join lateral (select exists (select from returns as r join return_lines as l on l.return_id = r.id
                                    where r.order_id = o.id
                                      and l.reason in ('wrong_item', 'damaged', 'defective', 'lost')) as is_shops) as f
 -- Goods that the shop is to blame for give back all of their part, others the share of the method.
 where b.shipping > div(o.shipping_minor::numeric * case when f.is_shops then 1000000
                            else coalesce((o.shipping ->> 'refund_rate_ppm')::bigint, 0) end, 1000000)
    or b.tax <> coalesce(floor(b.shipping * (o.shipping -> 'tax' ->> 'rate_ppm')::numeric
                               / (1000000 + (o.shipping -> 'tax' ->> 'rate_ppm')::numeric) + 0.5), 0)
 limit 1000)
union all
(select 'taxes_are_within_their_lines', l.order_id::text,
        format('line %s of %s: %s units came back with a tax of %s', l.line_no, l.total_minor, l.returned, b.tax)
 from order_lines as l
 join (select r.order_id, rl.line_no, sum(rl.tax_minor) as tax, sum(coalesce(rl.worth_minor, rl.unit_minor * coalesce(rl.received, rl.quantity))) as worth,
              bool_or(rl.components is not null) as has_parts
       from returns as r join return_lines as rl on rl.return_id = r.id
       where r.status in ('received', 'closed') group by r.order_id, rl.line_no)
   as b on b.order_id = l.order_id and b.line_no = l.line_no
 -- Of whole units: exactly the tax of all that came back, rounded once.
 where b.tax < 0 or not b.has_parts and l.parts is null
   and b.tax <> coalesce(floor(b.worth * (l.tax ->> 'rate_ppm')::numeric / (1000000 + (l.tax ->> 'rate_ppm')::numeric) + 0.5), 0)
 limit 1000)
union all
(select 'parts_of_bundles_add_up', l.order_id::text,
        format('%s units of part %s of line %s came back, its returns say %s', p.back, p.variant_id, l.line_no, coalesce(b.units, 0))
 from order_lines as l
 cross join lateral (
     select (part ->> 'variant_id')::uuid as variant_id,
            l.returned * (part ->> 'quantity')::integer
            + coalesce((select sum((alone ->> 'quantity')::integer) from jsonb_array_elements(l.returned_parts) as alone
                        where alone ->> 'variant_id' = part ->> 'variant_id'), 0) as back,
            (part ->> 'quantity')::integer as per
     from jsonb_array_elements(l.parts) as part) as p
 left join lateral (
     select sum(case when rl.components is null then coalesce(rl.received, rl.quantity) * p.per
                     else (select coalesce(sum(coalesce((c ->> 'received')::integer, (c ->> 'quantity')::integer)), 0)
                           from jsonb_array_elements(rl.components) as c
                           where (c ->> 'variant_id')::uuid = p.variant_id) end) as units
     from returns as r join return_lines as rl on rl.return_id = r.id
     where r.order_id = l.order_id and rl.line_no = l.line_no and r.status in ('received', 'closed')) as b on true
 where p.back <> coalesce(b.units, 0) limit 1000)
union all
(select 'lost_parcels_are_paid_back', s.order_id::text, format('parcel %s is lost, its return %s', s.id, r.status)
 from shipments as s join returns as r on r.id = s.return_id
 where s.problem = 'lost' and r.status <> 'closed' limit 1000)
union all
(select 'conflicts_of_tills_are_marked', o.id::text, format('told under the client id of %s, marked %s', o.conflict_with, o.marks)
 from orders as o where o.conflict_with is not null and not 'client_id_reused' = any (o.marks) limit 1000)
union all
(select 'no_sale_of_a_till_is_recorded_twice', b.id::text, format('the same sale as %s', a.id)
 from orders as a
 join orders as b on b.channel = a.channel
                 and b.external_ref = a.external_ref || '#' || encode(substring(a.sale_fingerprint from 1 for 8), 'hex')
 where a.channel = 'pos' and a.sale_fingerprint = b.sale_fingerprint limit 1000)
union all
(select 'failed_money_is_still_owed', p.id::text, format('failed: %s, and nothing is owed any more', p.failure)
 from payments as p join orders as o on o.id = p.order_id
 where p.failure is not null and p.status <> 'declined' and o.authorized_minor = 0
   and o.paid_minor - o.refunded_minor = case o.status when 'canceled' then 0 else o.total_minor - o.credited_minor end
 limit 1000)
union all
(select 'parcels_hold_the_units_of_their_lines', s.order_id::text,
        format('parcel %s has %s units of %s, its lines %s', s.id, coalesce(d.units, 0), d.variant, coalesce(d.of_lines, 0))
 from shipments as s
 cross join lateral (
     select variant, u.units, l.units as of_lines
     from (select of ->> 'variant_id' as variant, sum((of ->> 'quantity')::integer) as units
           from jsonb_array_elements(s.units) as of group by 1) as u
     full join (select of ->> 'variant_id' as variant, sum((of ->> 'quantity')::integer) as units
                from jsonb_array_elements(s.lines) as of group by 1) as l using (variant)) as d
 where s.lines <> '[]' and d.units is distinct from d.of_lines limit 1000)
union all
(select 'delivered_orders_have_no_parcel_on_its_way', o.id::text, format('order %s is delivered, its parcel %s is not', o.number, s.id)
 from orders as o join shipments as s on s.order_id = o.id
 where o.status = 'delivered' and s.delivered_at is null and s.problem is null limit 1000)
union all
(select 'discounts_add_up', l.order_id::text,
        format('line %s of %s x %s costs %s: %s off, its discounts are %s', l.line_no, l.quantity, l.unit_minor, l.total_minor, l.discount_minor, d.amount)
 from order_lines as l
 cross join lateral (
     select coalesce(sum((of ->> 'amount_minor')::bigint), 0) as amount from jsonb_array_elements(l.discounts) as of) as d
 cross join lateral (
     -- The price of the units that are still ordered, as the unit price is: with or without tax.
     select div((l.unit_minor * (l.quantity + l.canceled) - l.discount_minor)::numeric * l.quantity,
                greatest(l.quantity + l.canceled, 1)) as minor) as n
 where l.discount_minor <> d.amount or l.discount_minor > l.unit_minor * (l.quantity + l.canceled)
    or (l.parts is null or l.canceled = 0)
   and l.total_minor <> n.minor + case when l.tax_included then 0
                                       else coalesce(floor(n.minor * (l.tax ->> 'rate_ppm')::numeric / 1000000 + 0.5), 0) end
 limit 1000)
union all
(select 'discounts_are_redeemed', coalesce(r.order_id, d.order_id)::text,
        format('promotion %s took %s off it, %s is redeemed', coalesce(r.promotion_id, d.promotion_id), d.amount, r.amount_minor)
 from redeemed_amounts() as r
 full join (select l.order_id, (of ->> 'promotion_id')::uuid as promotion_id, sum((of ->> 'amount_minor')::bigint) as amount
            from (select order_id, discounts from order_lines
                  union all select id, shipping -> 'discounts' from orders where shipping is not null) as l
            cross join lateral jsonb_array_elements(l.discounts) as of
            where (of ->> 'is_counted')::boolean group by l.order_id, of ->> 'promotion_id')
   as d on d.order_id = r.order_id and d.promotion_id = r.promotion_id
 where r.amount_minor is distinct from d.amount limit 1000)
union all
(select 'discounts_are_redeemed', o.id::text, format('the order is %s, its redemption released: %s', o.status, r.is_released)
 from redeemed_amounts() as r join orders as o on o.id = r.order_id
 where r.is_released <> (o.status = 'canceled') limit 1000)
