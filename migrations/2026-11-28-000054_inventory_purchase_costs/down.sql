drop table supplier_items;
alter table receipt_lines drop column unit_cost_minor;
alter table receipts drop column currency, drop column exchange_rate;
alter table purchase_order_lines drop column unit_cost_minor;
alter table purchase_orders drop column currency, drop column exchange_rate;
