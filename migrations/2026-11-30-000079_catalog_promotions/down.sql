drop function redeemed_amounts();
drop table promotion_redemptions;
drop table coupons;
drop table promotions;
