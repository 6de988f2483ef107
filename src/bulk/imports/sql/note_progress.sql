-- How far an import is: counted, so that work that was interrupted and done again is told once.
update imports as i
set done = c.done, failed = c.failed, skipped = c.skipped, version = i.version + 1, updated_at = d.now,
    status = case when c.waiting = 0 then 'finished' else 'running' end,
    finished_at = case when c.waiting = 0 then d.now end
from (select $1::uuid as id, $2::timestamptz as now) as d
cross join lateral (
    select count(*) filter (where r.status = 'done') as done, count(*) filter (where r.status = 'failed') as failed,
           count(*) filter (where r.status = 'skipped') as skipped,
           count(*) filter (where r.status = 'waiting') as waiting
    from import_rows as r where r.import_id = d.id
) as c
where i.id = d.id and i.status in ('queued', 'running')
