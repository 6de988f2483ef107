drop index suppliers_code_typed_key;
drop index locations_code_typed_key;
drop index lots_typed_key;
