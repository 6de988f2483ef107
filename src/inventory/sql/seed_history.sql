-- The ledger of the seeded past orders: what each took was received before and shipped then. Levels stay as they are.
with taken as (
    select a.order_id, a.location_id, a.variant_id, a.quantity, a.created_at
    from allocations as a where a.status = 'shipped'
)
insert into stock_moves (id, variant_id, quantity, from_node, from_location_id, from_condition, to_node, to_location_id,
                         to_condition, reason, cause_type, cause_id, actor_id, occurred_at, recorded_at)
select gen_random_uuid(), variant_id, quantity, 'supplier', null::uuid, 'sellable', 'location', location_id, 'sellable',
       'receipt', 'seed', order_id, '00000000-0000-0000-0000-000000000000'::uuid, created_at - interval '1 day', created_at
from taken
union all
select gen_random_uuid(), variant_id, quantity, 'location', location_id, 'sellable', 'customer', null, 'sellable',
       'sale', 'order', order_id, '00000000-0000-0000-0000-000000000000', created_at, created_at
from taken
