alter table prices drop column compare_at_minor;
alter table variants drop column offer_version;
drop function unknown_locations(uuid[]);
drop function country_of_location(uuid);
drop table list_prices;
drop table price_lists;
drop function note_repriced_documents();
