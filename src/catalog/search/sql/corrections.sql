-- For each of some words those of documents that are most like it; none for one with which a word of a document begins.
with unknown as materialized (
    select a.word
    from unnest($1::text[]) as a (word)
    where not exists (select from product_documents as k where k.document @@ to_tsquery('simple', quote_literal(a.word) || ':*'))
)
select a.word as asked, n.word
from unknown as a
cross join lateral (
    select w.word, w.word <-> a.word as distance
    from document_words as w
    order by w.word <-> a.word
    limit 30
) as n
where exists (select from product_documents as d where d.document @@ to_tsquery('simple', quote_literal(n.word)))
order by a.word, n.distance, n.word
