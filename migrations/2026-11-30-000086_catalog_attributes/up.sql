-- The facts that a brand tells of its products beside those that every product has, such as finish, skin type or SPF:
-- which there are, for which products, and which values they may have.
create table attribute_definitions (
    id          uuid primary key,
    code        text not null constraint attribute_definitions_code_key unique,
    name        text not null,
    kind        text not null,
    -- The products that have it: of a kind, of a category and those below it, or all.
    category    text,
    category_id uuid references catalog_groups (id),
    unit        text,
    options     jsonb not null default '[]' check (jsonb_typeof(options) = 'array'),
    minimum     double precision,
    maximum     double precision check (maximum >= minimum),
    is_required boolean not null,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint attribute_definitions_kind_check check (kind in ('text', 'number', 'boolean', 'choice', 'choices'))
);
create index attribute_definitions_category_idx on attribute_definitions (category_id);

alter table products
    add column attributes jsonb not null default '{}',
    add constraint products_attributes_check check (jsonb_typeof(attributes) = 'object') not valid;

-- Documents have the names of attributes in them.
create function note_stale_attributes() returns trigger language plpgsql as $$
begin
    insert into stale_documents (product_id)
    select distinct p.id
    from changed as c
    join was as w on w.id = c.id and w.name <> c.name
    join products as p on p.attributes ? c.code;
    return null;
end $$;
create trigger attribute_definitions_update_stale after update on attribute_definitions
    referencing old table as was new table as changed for each statement execute function note_stale_attributes();
