update return_lines as l
set received = d.received
from unnest($1::uuid[], $2::integer[], $3::integer[]) as d (return_id, line_no, received)
where l.return_id = d.return_id and l.line_no = d.line_no
returning 1
