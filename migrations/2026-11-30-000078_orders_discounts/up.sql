-- What was taken off the price of all units that a line ever had: the sum, and what each promotion took.
alter table order_lines
    add column discount_minor bigint not null default 0 check (discount_minor >= 0),
    add column discounts jsonb;

-- The price of whole units that come back: with a discount, no multiple of the price of one.
alter table return_lines add column worth_minor bigint not null default 0;
update return_lines set worth_minor = unit_minor * coalesce(received, quantity) where components is null;
