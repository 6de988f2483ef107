-- Promotions and coupons have been used as often as they say, and no more than they may be.
(select 'promotions_stay_within_their_limits' as invariant, p.id::text as subject,
        format('%s of %s uses, %s of a budget of %s', p.used_count, p.max_uses, p.spent_minor, p.budget_minor) as detail
 from promotions as p where p.used_count > p.max_uses or p.spent_minor > p.budget_minor limit 1000)
union all
(select 'promotions_stay_within_their_limits', c.id::text, format('coupon used %s times of %s', c.used_count, c.max_uses)
 from coupons as c where c.used_count > c.max_uses limit 1000)
union all
(select 'promotions_stay_within_their_limits', p.id::text, format('a customer has used it %s times of %s', r.uses, p.max_uses_per_customer)
 from promotions as p
 join (select promotion_id, count(*) as uses from promotion_redemptions
       where released_at is null and customer is not null group by promotion_id, customer) as r on r.promotion_id = p.id
 where r.uses > p.max_uses_per_customer limit 1000)
union all
(select 'redemptions_add_up', p.id::text,
        format('%s uses and %s spent, its redemptions are %s with %s', p.used_count, p.spent_minor, coalesce(r.uses, 0), coalesce(r.spent, 0))
 from promotions as p
 left join (select promotion_id, count(*) as uses, sum(amount_minor) as spent from promotion_redemptions
            where released_at is null group by promotion_id) as r on r.promotion_id = p.id
 where p.used_count <> coalesce(r.uses, 0) or p.spent_minor <> coalesce(r.spent, 0) limit 1000)
union all
(select 'redemptions_add_up', r.order_id::text, format('it uses the promotion %s, which is gone', r.promotion_id)
 from promotion_redemptions as r left join promotions as p on p.id = r.promotion_id
 where p.id is null limit 1000)
union all
(select 'redemptions_add_up', c.id::text, format('coupon used %s times, its redemptions are %s', c.used_count, coalesce(r.uses, 0))
 from coupons as c
 left join (select coupon_id, count(*) as uses from promotion_redemptions
            where released_at is null group by coupon_id) as r on r.coupon_id = c.id
 where c.used_count <> coalesce(r.uses, 0) limit 1000)
