-- Ways in which goods are sent to customers, and their charges by country, weight and price of the goods.
create table shipping_methods (
    id                      uuid primary key,
    code                    text not null constraint shipping_methods_code_key unique,
    name                    text not null,
    currency                text not null,
    channels                jsonb not null,
    zones                   jsonb not null,
    carries_dangerous_goods boolean not null,
    tax_class               text not null,
    refund_rate_ppm         integer not null check (refund_rate_ppm between 0 and 1000000),
    is_default              boolean not null,
    min_days                integer check (min_days >= 0),
    max_days                integer check (max_days >= min_days),
    retired_at              timestamptz,
    version                 bigint not null default 1,
    created_by              uuid not null,
    created_at              timestamptz not null,
    updated_at              timestamptz not null
);
-- One method of a currency is taken where an order names none.
create unique index shipping_methods_default_idx on shipping_methods (currency) where is_default and retired_at is null;
