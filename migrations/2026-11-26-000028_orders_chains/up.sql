-- What a parcel costs from one country to another, in minor units of the brand's own currency; `**` stands for any country.
create table shipping_rates (
    from_country text not null,
    to_country   text not null,
    parcel_minor bigint not null,
    unit_minor   bigint not null,
    constraint shipping_rates_pkey primary key (from_country, to_country),
    constraint shipping_rates_countries_check check (from_country ~ '^([A-Z]{2}|[*]{2})$' and to_country ~ '^([A-Z]{2}|[*]{2})$'),
    constraint shipping_rates_amounts_check check (parcel_minor >= 0 and unit_minor >= 0)
);
alter table sourcing_decisions
    add column wanted jsonb not null default '[]',
    add column country text,
    drop constraint sourcing_decisions_strategy_check,
    add constraint sourcing_decisions_strategy_check check (strategy in (
        'location_priority', 'fewest_parcels', 'nearest', 'cheapest', 'balance_stock'));
create index sourcing_decisions_decided_at_idx on sourcing_decisions (decided_at);
