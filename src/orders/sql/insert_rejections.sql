-- Adds rejections: locations that could not fill their part of an order.
insert into rejections (order_id, attempt, location_id, reason, note, actor_id, rejected_at)
select * from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[])
returning 1
