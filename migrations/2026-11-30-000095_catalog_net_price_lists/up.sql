-- False for lists whose prices are without tax, which is added to them.
alter table price_lists add column tax_included boolean not null default true;
