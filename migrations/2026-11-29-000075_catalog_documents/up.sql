-- Products as they are searched: their words with weights. The rows are narrow, because many are looked at.
create table product_documents (
    product_id uuid primary key references products (id),
    document   tsvector not null
);
create index product_documents_document_idx on product_documents using gin (document) with (fastupdate = off);

-- The facts by which products are filtered, counted and sorted, with their sales; each change has a later revision.
create table product_facts (
    product_id uuid primary key references products (id),
    facts      jsonb not null,
    popularity bigint not null default 0,
    revision   bigint not null
);
create index product_facts_revision_idx on product_facts (revision);
create sequence product_facts_revision;

-- Every word of a document, for the correction of typing errors.
create table document_words (
    word text collate "C" primary key
);

-- Products whose documents are to be written anew, in order of their changes.
create table stale_documents (
    id         bigint generated always as identity primary key,
    product_id uuid not null
);

-- Typing errors are found by trigrams. Without the extension the search works, but corrects nothing.
do $$
begin
    create extension if not exists pg_trgm;
    create index document_words_word_idx on document_words using gist (word gist_trgm_ops);
exception when others then
    raise warning 'pg_trgm is missing, the search corrects no typing errors: %', sqlerrm;
end $$;

create function note_stale_documents() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'products' then
        insert into stale_documents (product_id) select id from changed;
    elsif tg_table_name = 'prices' then
        insert into stale_documents (product_id)
        select distinct v.product_id from changed as c join variants as v on v.id = c.variant_id;
    elsif tg_table_name = 'bundle_components' then
        insert into stale_documents (product_id)
        select distinct v.product_id from changed as c join variants as v on v.id = c.bundle_id;
    elsif tg_table_name = 'catalog_groups' then
        -- A category takes those below it along.
        insert into stale_documents (product_id)
        with recursive below (id) as (
            select id from changed union select g.id from catalog_groups as g join below as b on g.parent_id = b.id
        )
        select p.id from products as p where p.brand_id in (select id from below)
        union
        select p.id from products as p where p.category_id in (select id from below);
    else
        insert into stale_documents (product_id) select distinct product_id from changed;
    end if;
    return null;
end $$;

create trigger products_insert_stale after insert on products
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger products_update_stale after update on products
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger variants_insert_stale after insert on variants
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger variants_update_stale after update on variants
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger prices_insert_stale after insert on prices
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger prices_update_stale after update on prices
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger prices_delete_stale after delete on prices
    referencing old table as changed for each statement execute function note_stale_documents();
create trigger bundle_components_insert_stale after insert on bundle_components
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger bundle_components_delete_stale after delete on bundle_components
    referencing old table as changed for each statement execute function note_stale_documents();
create trigger product_media_insert_stale after insert on product_media
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger product_media_update_stale after update on product_media
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger product_media_delete_stale after delete on product_media
    referencing old table as changed for each statement execute function note_stale_documents();
create trigger product_translations_insert_stale after insert on product_translations
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger product_translations_update_stale after update on product_translations
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger product_translations_delete_stale after delete on product_translations
    referencing old table as changed for each statement execute function note_stale_documents();
create trigger group_products_insert_stale after insert on group_products
    referencing new table as changed for each statement execute function note_stale_documents();
create trigger group_products_delete_stale after delete on group_products
    referencing old table as changed for each statement execute function note_stale_documents();
create trigger catalog_groups_update_stale after update on catalog_groups
    referencing new table as changed for each statement execute function note_stale_documents();

insert into stale_documents (product_id) select id from products order by id;
