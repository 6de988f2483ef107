-- Keeps the shortfalls of orders, and the time at which each is tried again.
insert into shortfalls (raised_at, order_id, location_id, next_at)
select $1, s.* from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as s
on conflict (order_id, location_id) do update set next_at = excluded.next_at
returning 1
