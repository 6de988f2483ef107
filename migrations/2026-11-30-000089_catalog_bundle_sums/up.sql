-- Millionths off the sum of its parts' prices, of a bundle whose prices are that sum; null where it has its own.
alter table variants
    add column sum_discount_ppm integer,
    add constraint variants_sum_discount_check check (sum_discount_ppm between 0 and 1000000) not valid;
