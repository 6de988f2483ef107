-- Writes the facts of products, each with a later revision.
insert into product_facts (product_id, facts, revision)
select f.product_id, f.facts, nextval('product_facts_revision')
from unnest($1::uuid[], $2::jsonb[]) as f (product_id, facts)
on conflict (product_id) do update set facts = excluded.facts, revision = excluded.revision
