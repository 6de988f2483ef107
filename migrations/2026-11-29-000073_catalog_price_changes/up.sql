-- Each change of a price stays on record: who set it, when, and which price it replaced.
create table price_changes (
    id            bigint generated always as identity primary key,
    variant_id    uuid not null references variants (id),
    channel       text not null,
    currency      text not null,
    amount_before bigint,
    amount_after  bigint,
    changed_by    uuid,
    changed_at    timestamptz not null
);
create index price_changes_of_idx on price_changes (variant_id, channel, currency, id desc);
-- The prices that stand begin their history; who set them is not known.
insert into price_changes (variant_id, channel, currency, amount_after, changed_at)
select variant_id, channel, currency, amount_minor, updated_at from prices;
