drop trigger variants_stay on variants;
drop function catalog_refuse_deletion();
