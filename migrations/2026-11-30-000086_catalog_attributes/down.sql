drop table attribute_definitions;
drop function note_stale_attributes();
alter table products drop column attributes;
