-- When the first move at or after a moment and before another was written down: of the day that follows, if there is one,
-- for the index knows days; otherwise of all.
select coalesce(
    (select min(m.recorded_at) from stock_moves as m
     where m.recorded_at >= $1 and m.recorded_at < least($2, $1 + interval '1 day')),
    (select min(m.recorded_at) from stock_moves as m where m.recorded_at >= $1 and m.recorded_at < $2)
) as recorded_at
