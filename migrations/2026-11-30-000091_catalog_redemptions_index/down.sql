alter table promotion_redemptions drop constraint promotion_redemptions_pkey;
alter table promotion_redemptions
    add constraint promotion_redemptions_pkey primary key (order_id, promotion_id);
create index promotion_redemptions_promotion_id_idx on promotion_redemptions (promotion_id, redeemed_at desc, order_id);
