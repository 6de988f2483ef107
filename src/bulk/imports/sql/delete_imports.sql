-- Deletes some imports that ended before a moment and have no rows left.
delete from imports as i
using (
    select id from imports
    where finished_at < $1::timestamptz and not exists (select from import_rows as r where r.import_id = imports.id)
    limit $2
) as old
where i.id = old.id
