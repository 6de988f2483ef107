-- Prices without tax must not be charged as if they contained it.
update price_lists set ends_at = greatest(now(), starts_at + interval '1 microsecond'), version = version + 1, updated_at = now()
where not tax_included and (ends_at is null or ends_at > now());
alter table price_lists drop column tax_included;
