insert into sourcing_decisions (order_id, attempt, strategy, candidates, parts, reason, decided_at, wanted, country)
select * from unnest($1::uuid[], $2::integer[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::timestamptz[],
                     $8::jsonb[], $9::text[])
returning 1
