alter table return_lines drop column worth_minor;
alter table order_lines
    drop constraint order_lines_amounts_check,
    add constraint order_lines_amounts_check check (unit_minor >= 0 and total_minor = unit_minor * quantity) not valid,
    drop column discounts,
    drop column discount_minor;
