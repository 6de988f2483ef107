-- Money that a location has taken and given back between two moments, by means and currency: what people take counts when
-- they took it, what gateways take when they did. A payment in cash that is given back whole gives back its rounding.
with moved as (
    select coalesce(p.tender ->> 'kind', p.gateway) as means, p.currency, 1 as payments, p.authorized_minor as captured,
           coalesce((p.tender ->> 'rounding_minor')::bigint, 0) as rounding,
           coalesce((p.tender ->> 'tip_minor')::bigint, 0) as tips, 0::bigint as refunded
    from payments as p
    where p.location_id = $1 and p.gateway in ('manual', 'external')
      and coalesce(p.taken_at, p.created_at) >= $2 and coalesce(p.taken_at, p.created_at) < $3
    union all
    select p.gateway, p.currency, 1, o.amount_minor, 0, 0, 0
    from payment_operations as o
    join payments as p on p.id = o.payment_id
    where o.kind = 'capture' and o.state = 'done' and p.location_id = $1
      and o.created_at >= $2::timestamptz - interval '30 days' and o.created_at < $3
      and o.updated_at >= $2 and o.updated_at < $3
    union all
    select coalesce(p.tender ->> 'kind', p.gateway), p.currency, 0, 0,
           case when p.refunded_minor = p.captured_minor and o.id = last.id
                then -coalesce((p.tender ->> 'rounding_minor')::bigint, 0) else 0 end, 0, o.amount_minor
    from payment_operations as o
    join payments as p on p.id = o.payment_id
    join lateral (select id from payment_operations as l
                  where l.payment_id = p.id and l.kind = 'refund' and l.state = 'done'
                  order by l.updated_at desc, l.id desc limit 1) as last on true
    where o.kind = 'refund' and o.state = 'done' and p.location_id = $1
      and o.created_at >= $2::timestamptz - interval '30 days' and o.created_at < $3
      and o.updated_at >= $2 and o.updated_at < $3
)
select means, currency, sum(payments)::bigint as payments, sum(captured)::bigint as captured,
       sum(rounding)::bigint as rounding, sum(tips)::bigint as tips, sum(refunded)::bigint as refunded
from moved
group by means, currency
order by means, currency
