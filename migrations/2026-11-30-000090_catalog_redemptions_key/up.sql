-- Each use of a promotion looked its promotion up once more, under a lock that its transaction holds already. A promotion
-- that is used has begun, and one that has begun is never deleted; the proof looks for uses without one.
alter table promotion_redemptions drop constraint promotion_redemptions_promotion_id_fkey;
