-- Orders are written in the order of their business dates, or nearly, and never deleted: a block range index finds those of a
-- day, and a new order writes nothing to it.
drop index orders_business_date_idx;
create index orders_business_date_idx on orders using brin (business_date) with (pages_per_range = 32, autosummarize = on);
