-- Adds the lines of orders.
insert into order_lines (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor, parts, tax,
                         discount_minor, discounts)
select order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor, parts, ($11::jsonb[])[tax_number],
       discount_minor, ($14::jsonb[])[discounts_number]
from unnest($1::uuid[], $2::integer[], $3::uuid[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
            $8::bigint[], $9::jsonb[], $10::integer[], $12::bigint[], $13::integer[])
    as l (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor, parts, tax_number,
          discount_minor, discounts_number)
returning 1
