-- What was taken off the price of all units that a line ever had: the sum, and what each promotion took.
alter table order_lines
    add column discount_minor bigint not null default 0,
    add constraint order_lines_discount_check check (discount_minor >= 0) not valid,
    add column discounts jsonb,
    drop constraint order_lines_amounts_check,
    add constraint order_lines_amounts_check check (
        unit_minor >= 0 and total_minor between 0 and unit_minor * quantity
        and (discount_minor > 0 or total_minor = unit_minor * quantity)) not valid;

-- The price of whole units that come back: with a discount, no multiple of the price of one. Null of returns that the
-- version before has written: the price of one for each unit.
alter table return_lines add column worth_minor bigint;
