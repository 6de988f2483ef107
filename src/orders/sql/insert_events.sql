-- Adds entries to the timelines of orders.
insert into order_events (order_id, version, event, actor_id, reason, at)
select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::timestamptz[])
returning 1
