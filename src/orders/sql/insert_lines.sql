-- Adds the lines of orders.
insert into order_lines (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor, parts, tax,
                         discount_minor, discounts, tax_included)
select l.order_id, l.line_no, l.variant_id, l.sku, l.name, l.quantity, l.unit_minor, l.total_minor, l.parts,
       ($11::jsonb[])[l.tax_number], l.discount_minor, d.discounts, l.tax_included
from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
            $8::bigint[], $9::jsonb[], $10::integer[], $12::bigint[], $13::integer[], $15::boolean[])
    as l (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor, parts, tax_number,
          discount_minor, discounts_number, tax_included)
left join unnest($14::jsonb[]) with ordinality as d (discounts, number) on d.number = l.discounts_number
returning 1
