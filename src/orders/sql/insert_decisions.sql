insert into sourcing_decisions (order_id, attempt, strategy, candidates, parts, reason, decided_at)
select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::timestamptz[])
returning 1
