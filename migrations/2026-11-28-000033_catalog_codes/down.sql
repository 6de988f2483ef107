drop index variants_gtin_typed_key;
drop index variants_sku_typed_key;
