-- Totals stay as they were charged: each unit costs its share with tax, rounded up, and what is too much is taken off all
-- units that the line ever had, so that those still ordered cost their total.
update order_lines as l
set unit_minor = w.unit_minor,
    discount_minor = w.unit_minor * (l.quantity + l.canceled)
                     - (l.total_minor * (l.quantity + l.canceled) + l.quantity - 1) / l.quantity
from (select order_id, line_no, (total_minor + quantity - 1) / quantity as unit_minor
      from order_lines where not tax_included and quantity > 0) as w
where w.order_id = l.order_id and w.line_no = l.line_no;
-- A quote of prices without tax would be honored as one with it.
delete from quotes where quoted ->> 'lines' like '%"tax_included"%';
alter table order_lines
    drop constraint order_lines_amounts_check,
    drop column tax_included,
    add constraint order_lines_amounts_check check (
        unit_minor >= 0 and total_minor between 0 and unit_minor * quantity
        and (discount_minor > 0 or total_minor = unit_minor * quantity)) not valid;
