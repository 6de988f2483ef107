-- Adds lots.
insert into lots (id, variant_id, code, made_on, expires_on, pao_months, supplier_id, status, created_at, updated_at)
select d.*, d.created_at
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::integer[], $7::uuid[], $8::text[],
            $9::timestamptz[])
    as d (id, variant_id, code, made_on, expires_on, pao_months, supplier_id, status, created_at)
returning 1
