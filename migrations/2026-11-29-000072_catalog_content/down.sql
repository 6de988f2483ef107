drop table product_translations;
drop table product_media;
