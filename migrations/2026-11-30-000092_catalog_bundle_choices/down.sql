-- Bundles whose parts are chosen cannot be sold without their choices.
update variants set status = 'retired' where choices is not null;
alter table variants drop column choices;
