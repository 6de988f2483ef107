with wanted as (
    select distinct location_id, variant_id
    from (select location_id, first as variant_id from bench_pairs union all select location_id, second from bench_pairs) as p
), raised as (
    update stock_levels as l set on_hand = l.on_hand + 1000000, version = l.version + 1
    from wanted as w
    where l.location_id = w.location_id and l.variant_id = w.variant_id and l.on_hand < 1000000
    returning l.location_id, l.variant_id
)
insert into stock_moves (id, variant_id, quantity, from_node, from_condition, to_node, to_location_id, to_condition,
                         reason, cause_type, cause_id, actor_id, occurred_at, recorded_at)
select gen_random_uuid(), variant_id, 1000000, 'supplier', 'sellable', 'location', location_id, 'sellable', 'receipt',
       'bench', gen_random_uuid(), '00000000-0000-0000-0000-000000000000', now(), now()
from raised;
