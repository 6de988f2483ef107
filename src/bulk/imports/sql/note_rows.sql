-- Notes the results of rows of an import that were waiting.
update import_rows as r
set status = d.status, code = d.code, detail = d.detail
from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as d (row_no, status, code, detail)
where r.import_id = $1::uuid and r.row_no = d.row_no and r.status = 'waiting'
