-- Deletes some exports that ended before a moment and have no parts left.
delete from exports as e
using (
    select id from exports
    where finished_at < $1::timestamptz and not exists (select from export_parts as p where p.export_id = exports.id)
    limit $2
) as old
where e.id = old.id
