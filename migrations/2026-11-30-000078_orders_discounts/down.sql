alter table return_lines drop column worth_minor;
alter table order_lines drop column discounts, drop column discount_minor;
