alter table stock_levels validate constraint stock_levels_costed_check;

-- What goods cost at their supplier: in minor units of the currency of the order, and the rate (in billionths) by which
-- that currency comes into the books.
alter table purchase_orders add column currency text, add column exchange_rate bigint,
    add constraint purchase_orders_currency_check check (currency ~ '^[A-Z]{3}$' and (exchange_rate is null or exchange_rate > 0));
alter table purchase_order_lines add column unit_cost_minor bigint,
    add constraint purchase_order_lines_cost_check check (unit_cost_minor between 0 and 10000000000);
alter table receipts add column currency text, add column exchange_rate bigint,
    add constraint receipts_currency_check check (currency ~ '^[A-Z]{3}$' and (exchange_rate is null or exchange_rate > 0));
alter table receipt_lines add column unit_cost_minor bigint,
    add constraint receipt_lines_cost_check check (unit_cost_minor between 0 and 10000000000);

-- The assortment of each supplier.
create table supplier_items (
    supplier_id     uuid not null references suppliers (id),
    variant_id      uuid not null references variants (id),
    supplier_sku    text,
    pack_size       integer not null,
    minimum_units   integer not null,
    lead_days       integer,
    unit_cost_minor bigint,
    currency        text,
    is_preferred    boolean not null,
    is_active       boolean not null,
    version         bigint not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint supplier_items_pkey primary key (supplier_id, variant_id),
    constraint supplier_items_terms_check check (pack_size > 0 and minimum_units >= 0 and lead_days between 0 and 365),
    constraint supplier_items_cost_check check (
        (unit_cost_minor is null) = (currency is null)
        and unit_cost_minor between 0 and 10000000000 and currency ~ '^[A-Z]{3}$')
);
create index supplier_items_variant_id_idx on supplier_items (variant_id);
-- One supplier of a variant comes first.
create unique index supplier_items_preferred_key on supplier_items (variant_id) where is_preferred and is_active;
