-- Forgets words that no document has any more.
delete from document_words as w
where not exists (select from product_documents as d where d.document @@ to_tsquery('simple', quote_literal(w.word)))
