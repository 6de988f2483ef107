-- Writes the uses that orders make of promotions.
insert into promotion_redemptions (order_id, promotion_id, coupon_id, customer, amount_minor, redeemed_at)
select order_id, promotion_id, coupon_id, customer, amount_minor, $1
from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bigint[])
    as d (order_id, promotion_id, coupon_id, customer, amount_minor)
returning 1
