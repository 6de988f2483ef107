alter table products
    drop column brand_id,
    drop column category_id,
    drop column slug;
drop table group_products;
drop table catalog_groups;
