-- Notes the results of rows of an import that were waiting, and how far it is. Rows are counted as they are noted, so that
-- work that was interrupted and done again is told once. The least and the greatest row lead to an index that does not
-- grow with the file.
with noted as (
    update import_rows as r
    set status = d.status, code = d.code, detail = d.detail
    from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as d (row_no, status, code, detail)
    where r.import_id = $1::uuid and r.row_no = d.row_no and r.status = 'waiting'
      and r.row_no between $6::integer and $7::integer
    returning r.status
), counted as (
    select count(*) filter (where status = 'done') as done, count(*) filter (where status = 'failed') as failed,
           count(*) filter (where status = 'skipped') as skipped, count(*) as rows
    from noted
)
update imports as i
set done = i.done + c.done, failed = i.failed + c.failed, skipped = i.skipped + c.skipped,
    through = greatest(i.through, $8::integer), version = i.version + 1, updated_at = $9::timestamptz,
    status = case when i.done + i.failed + i.skipped + c.rows >= i.rows then 'finished' else 'running' end,
    finished_at = case when i.done + i.failed + i.skipped + c.rows >= i.rows then $9::timestamptz end
from counted as c
where i.id = $1::uuid and i.status in ('queued', 'running')
