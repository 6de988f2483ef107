-- Deletes some parts of exports that ended before a moment, failed or were canceled.
delete from export_parts as p
using (
    select o.export_id, o.part_no
    from exports as e
    join export_parts as o on o.export_id = e.id
    where e.finished_at < $1::timestamptz or e.status in ('failed', 'canceled')
    limit $2
) as old
where p.export_id = old.export_id and p.part_no = old.part_no
