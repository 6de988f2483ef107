-- Gift cards have what their moves say, and payments took from them what they say.
(select 'gift_cards_add_up' as invariant, g.id::text as subject,
        format('%s with %s held, its moves say %s with %s', g.balance_minor, g.held_minor, m.amount, m.held) as detail
 from gift_cards as g
 left join (select gift_card_id, sum(amount_minor) as amount, sum(held_minor) as held
            from gift_card_moves group by gift_card_id) as m on m.gift_card_id = g.id
 where g.balance_minor is distinct from m.amount or g.held_minor is distinct from m.held
    or g.held_minor < 0 or g.balance_minor < g.held_minor limit 1000)
union all
(select 'gift_cards_paid_what_payments_say', coalesce(p.id, m.payment_id)::text,
        format('captured %s less %s given back, the card gave %s and holds %s of %s',
               p.captured_minor, p.refunded_minor, m.taken, m.held, p.authorized_minor)
 from (select * from payments where gateway = 'gift_card') as p
 full join (select payment_id, -sum(amount_minor) as taken, sum(held_minor) as held
            from gift_card_moves where payment_id is not null group by payment_id) as m on m.payment_id = p.id
 where (p.id is null or coalesce(m.taken, 0) <> p.captured_minor - p.refunded_minor
        or coalesce(m.held, 0) < 0
        or p.failure is null
       and coalesce(m.held, 0) <> case when p.status in ('authorized', 'captured') and not p.is_released
                                       then p.authorized_minor - p.captured_minor else 0 end)
   -- An operation that is under way is done on the card a moment before it is written down.
   and not exists (select from payment_operations as o where o.payment_id = coalesce(p.id, m.payment_id) and o.state = 'open')
 limit 1000)
