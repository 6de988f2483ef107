-- Adds sourcing decisions, packed.
insert into sourcing_decisions (order_id, attempt, strategy, reason, decided_at, country, packed)
select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::bytea[])
returning 1
