drop table receipt_lines, receipts, purchase_order_lines, purchase_orders;
alter table lots drop constraint lots_supplier_id_fkey;
drop table suppliers;
