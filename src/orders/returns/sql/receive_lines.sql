-- Writes the received units of lines of returns.
update return_lines as l
set received = d.received, components = d.components, tax_minor = d.tax_minor,
    worth_minor = d.worth_minor
from unnest($1::uuid[], $2::integer[], $3::integer[], $4::jsonb[], $5::bigint[], $6::bigint[])
    as d (return_id, line_no, received, components, tax_minor, worth_minor)
where l.return_id = d.return_id and l.line_no = d.line_no
returning 1
