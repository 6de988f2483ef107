alter table variants
    drop column shade_code,
    drop column shade_family,
    drop column undertone,
    drop column swatch,
    drop column weight_grams,
    drop column shelf_life_days,
    drop column dangerous_goods,
    drop column hs_code,
    drop column purpose,
    drop column retired_at;
alter table products drop column retired_at;
