alter table variants drop column sum_discount_ppm;
