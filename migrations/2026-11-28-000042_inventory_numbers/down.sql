alter table transfers drop column number;
alter table purchase_orders drop column number;
alter table stock_counts drop column number;
