drop index orders_business_date_idx;
create index orders_business_date_idx on orders (business_date, id);
