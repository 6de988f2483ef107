alter table promotion_redemptions
    add constraint promotion_redemptions_promotion_id_fkey foreign key (promotion_id) references promotions (id);
