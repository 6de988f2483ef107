-- Each use of a promotion is written into one index where it was written into three. Identifiers of orders begin with
-- the time: the key finds a use and lists those of a promotion by time. The customer is counted by promotions with a
-- limit for each customer alone, and is kept by these alone.
alter table promotion_redemptions drop constraint promotion_redemptions_pkey;
drop index promotion_redemptions_promotion_id_idx;
update promotion_redemptions as r set customer = null
from promotions as p
where p.id = r.promotion_id and p.max_uses_per_customer is null and r.customer is not null;
alter table promotion_redemptions
    add constraint promotion_redemptions_pkey primary key (promotion_id, order_id);
