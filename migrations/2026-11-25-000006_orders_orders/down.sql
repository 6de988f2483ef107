drop table shipments, order_lines, orders;
