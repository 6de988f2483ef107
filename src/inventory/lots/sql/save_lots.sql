-- Writes lots that a batch has changed.
update lots as l
set made_on = d.made_on, expires_on = d.expires_on, pao_months = d.pao_months, status = d.status, version = d.version,
    updated_at = d.updated_at
from unnest($1::uuid[], $2::date[], $3::date[], $4::integer[], $5::text[], $6::bigint[], $7::timestamptz[])
    as d (id, made_on, expires_on, pao_months, status, version, updated_at)
where l.id = d.id
returning 1
