-- Takes the oldest products whose documents are stale off their list.
with taken as (
    select id from stale_documents order by id limit $1
)
delete from stale_documents as s using taken as t where s.id = t.id returning s.product_id
