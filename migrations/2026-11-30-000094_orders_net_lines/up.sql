-- False for lines whose unit price is without tax, which is added to the price of all their units.
alter table order_lines
    add column tax_included boolean not null default true,
    drop constraint order_lines_amounts_check,
    add constraint order_lines_amounts_check check (
        unit_minor >= 0 and total_minor >= 0
        and (not tax_included or total_minor <= unit_minor * quantity)
        and (discount_minor > 0 or total_minor = unit_minor * quantity
             or not tax_included and total_minor > unit_minor * quantity)) not valid;
