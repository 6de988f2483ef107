-- Ranges of one price that overlap are refused by the database, which needs equality of identifiers in a GiST index.
create extension if not exists btree_gist;

-- Lists of prices that hold in some circumstances, in place of the prices of the channel.
create table price_lists (
    id         uuid primary key,
    code       text not null,
    name       text not null,
    currency   text not null,
    applies_to jsonb not null,
    priority   integer not null check (priority between -1000 and 1000),
    starts_at  timestamptz not null,
    ends_at    timestamptz,
    version    bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint price_lists_code_key unique (code),
    check (ends_at > starts_at)
);

-- Prices of a list from a moment to another. One that has ended keeps its row, and one that was withdrawn before it
-- began keeps it too: together they are the history.
create table list_prices (
    id               uuid primary key,
    price_list_id    uuid not null references price_lists (id),
    variant_id       uuid not null references variants (id),
    min_quantity     integer not null check (min_quantity between 1 and 1000000),
    amount_minor     bigint not null check (amount_minor between 0 and 9007199254740991),
    compare_at_minor bigint check (compare_at_minor > amount_minor and compare_at_minor <= 9007199254740991),
    starts_at        timestamptz not null,
    ends_at          timestamptz,
    created_by       uuid not null,
    created_at       timestamptz not null,
    ended_by         uuid,
    withdrawn_at     timestamptz,
    check (ends_at > starts_at),
    constraint list_prices_overlap exclude using gist (
        price_list_id with =, variant_id with =, min_quantity with =, tstzrange(starts_at, ends_at) with &&
    ) where (withdrawn_at is null)
);
create index list_prices_of_variant_idx on list_prices (variant_id);
create index list_prices_of_list_idx on list_prices (price_list_id, id);

-- Counts the changes of what a variant is sold for beside its own record, so that its version stays its editors'.
alter table variants add column offer_version bigint not null default 0;

-- The price before a reduction, as it is shown beside the price.
alter table prices add column compare_at_minor bigint check (compare_at_minor > amount_minor);

-- The locations among some that do not exist: a list of prices names them in a document, where no foreign key reaches.
create function unknown_locations(uuid[]) returns setof uuid language sql stable as $$
    select a.id from unnest($1) as a (id) where not exists (select from locations as l where l.id = a.id)
$$;

-- A list that ends or gets another priority makes the documents of its products stale.
create function note_repriced_documents() returns trigger language plpgsql as $$
begin
    insert into stale_documents (product_id)
    select distinct v.product_id
    from changed as c
    join before as b on b.id = c.id and (b.priority, b.ends_at) is distinct from (c.priority, c.ends_at)
    join list_prices as p on p.price_list_id = c.id
    join variants as v on v.id = p.variant_id;
    return null;
end $$;
create trigger price_lists_update_stale after update on price_lists
    referencing old table as before new table as changed
    for each statement execute function note_repriced_documents();

-- The country of a location, by which a price there is explained.
create function country_of_location(uuid) returns text language sql stable as $$
    select country from locations where id = $1
$$;
