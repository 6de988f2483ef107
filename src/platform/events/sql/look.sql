-- Whether notes are pending, and in the same snapshot what tells which numbers can still appear.
select exists (select from event_pending where id > $1) as pending,
       coalesce(pg_sequence_last_value(pg_get_serial_sequence('event_pending', 'id')), 0) as given,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint as oldest
