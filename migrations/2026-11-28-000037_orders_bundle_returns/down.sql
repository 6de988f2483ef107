alter table return_lines drop column components;
alter table order_lines drop column returned_parts;
