-- Deletes some rows of imports that ended before a moment.
delete from import_rows as r
using (
    select o.import_id, o.row_no
    from imports as i
    join import_rows as o on o.import_id = i.id
    where i.finished_at < $1::timestamptz
    limit $2
) as old
where r.import_id = old.import_id and r.row_no = old.row_no
