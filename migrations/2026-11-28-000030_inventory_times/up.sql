-- The moment up to which a level has been counted and the count approved: a sale of before it that is told later is
-- among what the count did not find.
alter table stock_levels add column counted_at timestamptz;
update stock_levels as s
set counted_at = c.counted_at
from (
    select h.location_id, l.variant_id, max(l.counted_at) as counted_at
    from stock_count_lines as l
    join stock_counts as h on h.id = l.count_id
    where h.status = 'approved' and l.counted_at is not null
    group by h.location_id, l.variant_id
) as c
where c.location_id = s.location_id and c.variant_id = s.variant_id;

-- Every end of a move with both of its times.
create or replace view stock_ends as
    select id as move_id, to_location_id as location_id, variant_id, to_condition as condition, quantity as units, recorded_at, lot_id,
           occurred_at
    from stock_moves where to_node = 'location'
    union all
    select id, from_location_id, variant_id, from_condition, -quantity, recorded_at, lot_id, occurred_at
    from stock_moves where from_node = 'location';
create index stock_moves_told_late_idx on stock_moves (variant_id, recorded_at) where occurred_at < recorded_at;

-- Names of time zones that nobody knows were taken before; days at such locations could not be told at all.
update locations set time_zone = 'UTC', version = version + 1, updated_at = now()
where time_zone not in (select name from pg_timezone_names);
