-- Writes the documents of products, which have none; a document is the sum of its passages.
with passages as (
    select t.product_id, setweight(to_tsvector(t.configuration::regconfig, t.text), t.weight::"char") as part
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (product_id, configuration, weight, text)
)
insert into product_documents (product_id, document)
select product_id, string_agg(part::text, ' ')::tsvector from passages group by product_id
