-- The channels in which a product is published, each from a moment to another; null for all channels at all times.
alter table products
    add column publications jsonb,
    add constraint products_publications_check check (publications is null or jsonb_typeof(publications) = 'array')
        not valid;
