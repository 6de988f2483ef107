drop table sourcing_decisions;
drop index orders_also_from_idx;
alter table orders drop column also_from;
