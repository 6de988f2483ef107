drop table order_events;
drop function orders_refuse_change();
