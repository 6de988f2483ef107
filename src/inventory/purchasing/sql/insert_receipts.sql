-- Adds the heads of receipts.
insert into receipts (id, location_id, purchase_order_id, supplier_id, reference, received_by, created_at, currency,
                      exchange_rate)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[],
                     $8::text[], $9::bigint[])
returning 1
