alter table return_lines drop column worth_minor;
alter table order_lines
    drop constraint order_lines_amounts_check,
    -- Lines that were discounted stay cheaper than their units.
    add constraint order_lines_amounts_check check (
        unit_minor >= 0 and total_minor between 0 and unit_minor * quantity) not valid,
    drop column discounts,
    drop column discount_minor;
