-- The charge for shipping an order, less what was taken off it, with the method and the tax as they were when it was
-- placed; and the share of it that is given back with goods that come back. The checks need no scan: all rows pass them.
alter table orders
    add column shipping_minor bigint not null default 0,
    add column shipping jsonb,
    add constraint orders_shipping_check check (shipping_minor >= 0 and (shipping is not null or shipping_minor = 0)) not valid;
alter table returns
    add column shipping_minor bigint not null default 0,
    add column shipping_tax_minor bigint not null default 0,
    add constraint returns_shipping_check check (shipping_minor >= 0 and shipping_tax_minor between 0 and shipping_minor) not valid;
