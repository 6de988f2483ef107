-- The import to go on with: of each user the oldest that has not ended, of these the one that waits longest.
select i.id
from imports as i
where i.status in ('queued', 'running')
  and not exists (
      select from imports as o
      where o.status in ('queued', 'running') and o.created_by = i.created_by
        and (o.created_at, o.id) < (i.created_at, i.id)
  )
order by i.updated_at, i.id
limit 1
