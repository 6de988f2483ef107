-- The seeded prices begin their history.
insert into price_changes (variant_id, channel, currency, amount_after, changed_at)
select variant_id, channel, currency, amount_minor, updated_at from prices;
