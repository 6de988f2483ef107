-- Totals stay as they were charged; their units cost a share of them each, rounded up, with the difference taken off.
-- The audit of the version before tells such lines of what was taken off.
update order_lines as l
set unit_minor = w.unit_minor, discount_minor = greatest(w.unit_minor * quantity - total_minor, 1)
from (select order_id, line_no, (total_minor + greatest(quantity, 1) - 1) / greatest(quantity, 1) as unit_minor
      from order_lines where not tax_included) as w
where w.order_id = l.order_id and w.line_no = l.line_no;
alter table order_lines
    drop constraint order_lines_amounts_check,
    drop column tax_included,
    add constraint order_lines_amounts_check check (
        unit_minor >= 0 and total_minor between 0 and unit_minor * quantity
        and (discount_minor > 0 or total_minor = unit_minor * quantity)) not valid;
