-- Writes lines of orders that a batch has changed.
update order_lines as l
set quantity = d.quantity, unit_minor = d.unit_minor, total_minor = d.total_minor, canceled = d.canceled,
    returned = d.returned, parts = d.parts, returned_parts = d.returned_parts
from unnest($1::uuid[], $2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::integer[], $7::integer[], $8::jsonb[],
            $9::jsonb[])
    as d (order_id, line_no, quantity, unit_minor, total_minor, canceled, returned, parts, returned_parts)
where l.order_id = d.order_id and l.line_no = d.line_no
returning 1
