-- The ledger's partitions of some months from a moment on.
select count(*) filter (where inventory_make_month((w.start + make_interval(months => n)) at time zone 'UTC'))
from (select date_trunc('month', $1::timestamptz at time zone 'UTC') as start) as w
cross join generate_series(0, $2::integer) as n
