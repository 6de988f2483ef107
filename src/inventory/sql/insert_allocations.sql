insert into allocations (created_at, id, order_id, location_id, variant_id, quantity)
select $1, a.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::integer[]) as a
returning 1
