-- Delivered orders of the last two years: one to four lines, popular variants more often (Zipf-like), each with
-- its hold, allocations, payment and shipment. Identifiers begin with their time, as those of new orders do (UUIDv7,
-- RFC 9562): what is written later comes after them in every index.
with timed as (
    select n, md5('location ' || (1 + (n::bigint * 7919) % $2))::uuid as location_id,
           $4 - interval '1 day' - (($1 - n)::double precision / $1) * interval '700 days' as at,
           (array['web', 'mobile', 'pos', 'marketplace'])[1 + n % 4] as channel
    from generate_series(1, $1) as n
), made as (
    select *,
           (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5('order ' || n), 14, 3)
            || '8' || substr(md5('order ' || n), 18))::uuid as id,
           (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5('order hold ' || n), 14, 3)
            || '8' || substr(md5('order hold ' || n), 18))::uuid as hold
    from timed
), wishes as (
    select made.*, line_no,
           1 + floor(pow($3::double precision, ((hashint8(n::bigint * 31 + line_no)::bigint + 2147483648) % 100000) / 100000.0))::integer
               as pick,
           1 + (n + line_no) % 2 as quantity
    from made, generate_series(1, 1 + n % 4) as line_no
), picked as (
    select distinct on (w.id, least(w.pick, $3)) w.*, v.id as variant_id, v.sku, p.name, pr.amount_minor
    from wishes as w
    join variants as v on v.id = md5('variant ' || least(w.pick, $3))::uuid
    join products as p on p.id = v.product_id
    join prices as pr on pr.variant_id = v.id and pr.channel = w.channel and pr.currency = 'EUR'
), lines as (
    select *, row_number() over (partition by id order by line_no)::integer as no from picked
), totals as (
    select id, hold, location_id, at, channel, n, sum(amount_minor * quantity) as total
    from lines group by id, hold, location_id, at, channel, n
), holds_made as (
    insert into reservations (id, location_id, status, order_id, principal_id, expires_at, closed_at, version, created_at)
    select hold, location_id, 'converted', id, '00000000-0000-0000-0000-000000000000', at + interval '30 minutes', at, 2, at from totals
), hold_lines_made as (
    insert into reservation_lines (reservation_id, variant_id, quantity, level_version)
    select hold, variant_id, quantity, 0 from lines
), orders_made as (
    insert into orders (id, channel, currency, location_id, reservation_id, status, total_minor, paid_minor, customer,
                        placed_by, hold_expires_at, version, created_at, updated_at)
    select id, channel, 'EUR', location_id, hold, 'delivered', total, total,
           jsonb_build_object('id', 'C-' || (n::bigint * 31) % greatest(10, $1 / 5)),
           '00000000-0000-0000-0000-000000000000', at + interval '30 minutes', 5, at, at + interval '2 days'
    from totals order by n
), lines_made as (
    insert into order_lines (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor)
    select id, no, variant_id, sku, name, quantity, amount_minor, amount_minor * quantity from lines
), payments_made as (
    insert into payments (id, order_id, location_id, gateway, status, currency, authorized_minor, asked_capture_minor, captured_minor, is_released, created_at, updated_at)
    select gen_random_uuid(), id, location_id, 'manual', 'captured', 'EUR', total, total, total, true, at, at from totals where total > 0
), shipments_made as (
    insert into shipments (id, order_id, location_id, carrier, tracking_number, shipped_at, delivered_at, created_at)
    select gen_random_uuid(), id, location_id, 'Colissimo', 'CO' || lpad(n::text, 9, '0'), at + interval '1 day', at + interval '2 days', at + interval '1 day'
    from totals
)
insert into allocations (id, order_id, location_id, variant_id, quantity, status, created_at, closed_at, reservation_id)
select gen_random_uuid(), id, location_id, variant_id, quantity, 'shipped', at, at + interval '1 day', hold from lines
