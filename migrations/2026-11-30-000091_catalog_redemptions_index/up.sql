-- Each use of a promotion is written into one index where it was written into three. Identifiers of orders begin with
-- the time: the key finds a use and lists those of a promotion by time. It is built first, while the table is read; uses
-- wait for it. The customers of uses so far stay; from now on they are kept where a promotion has a limit for each.
create unique index promotion_redemptions_key on promotion_redemptions (promotion_id, order_id);
alter table promotion_redemptions
    drop constraint promotion_redemptions_pkey,
    add constraint promotion_redemptions_pkey primary key using index promotion_redemptions_key;
drop index promotion_redemptions_promotion_id_idx;
