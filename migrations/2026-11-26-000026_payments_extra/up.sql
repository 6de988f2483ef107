-- A payment may be for what was added to an order that is paid already.
alter table payments add column is_extra boolean not null default false;
