-- The products whose documents have all words, as they begin or by their stems, with the weight of what was found.
with asked as (
    select to_tsquery('simple', $1) || plainto_tsquery($2::regconfig, $3) as query
)
select d.product_id, ts_rank(d.document, a.query) as rank
from asked as a, product_documents as d
where d.document @@ a.query
