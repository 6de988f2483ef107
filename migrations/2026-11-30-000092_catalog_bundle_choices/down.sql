-- Bundles whose parts are chosen cannot be sold without their choices.
update variants set status = 'retired', retired_at = now(), version = version + 1, updated_at = now()
where choices is not null and status = 'active';
alter table variants drop column choices;
