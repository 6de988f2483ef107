-- Writes prices of channels over those that stand.
insert into prices (variant_id, channel, currency, amount_minor, compare_at_minor, updated_at)
select d.*, $6::timestamptz
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) as d
on conflict (variant_id, channel, currency) do update
set amount_minor = excluded.amount_minor, compare_at_minor = excluded.compare_at_minor,
    updated_at = excluded.updated_at
