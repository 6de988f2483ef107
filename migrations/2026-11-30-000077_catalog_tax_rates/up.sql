-- Rates of tax on sales, by country or a part of it and by class of goods, each from a moment until another.
create table tax_rates (
    id         uuid primary key,
    country    text not null check (country ~ '^[A-Z]{2}$'),
    region     text check (region ~ '^[A-Z]{2}-[A-Z0-9]{1,3}$'),
    tax_class  text not null,
    name       text not null,
    rate_ppm   integer not null check (rate_ppm between 0 and 1000000),
    starts_at  timestamptz not null,
    ends_at    timestamptz,
    version    bigint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (ends_at > starts_at),
    constraint tax_rates_overlap exclude using gist (
        country with =, coalesce(region, '') with =, tax_class with =, tstzrange(starts_at, ends_at) with &&
    )
);

-- The class by which a product is taxed.
alter table products add column tax_class text not null default 'standard';

-- The tax within the price of a line: where, at which rate, as it was when it was sold; null where none was known.
alter table order_lines add column tax jsonb;

-- The tax within the price of units that come back.
alter table return_lines add column tax_minor bigint not null default 0;

-- A till's sale whose tax is not known is marked as such.
alter table orders
    drop constraint orders_marks_check,
    add constraint orders_marks_check check (marks <@ array[
        'clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found', 'closed_location',
        'not_for_sale', 'tax_unknown']) not valid;
