-- Ends an import of which no row waits: counted anew, for a server of an older version may have counted beside this one.
update imports as i
set done = c.done, failed = c.failed, skipped = c.skipped, version = i.version + 1, updated_at = $2::timestamptz,
    status = 'finished', finished_at = $2::timestamptz
from (
    select count(*) filter (where status = 'done') as done, count(*) filter (where status = 'failed') as failed,
           count(*) filter (where status = 'skipped') as skipped,
           count(*) filter (where status = 'waiting') as waiting
    from import_rows
    where import_id = $1::uuid
) as c
where i.id = $1::uuid and i.status in ('queued', 'running') and c.waiting = 0
