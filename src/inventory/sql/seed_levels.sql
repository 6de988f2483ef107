-- Stock of every ranged variant that is not a bundle, with the receipt that brought it: stores 3 to 6 units,
-- warehouses 200 to 5,000.
with places as (
    select n, md5('location ' || n)::uuid as location_id, n % 6 = 1 as is_warehouse from generate_series(1, $1) as n
), goods as (
    select v.id as variant_id, ('x' || substr(md5(v.sku), 1, 6))::bit(24)::integer as luck
    from variants as v join products as p on p.id = v.product_id
    where p.category <> 'bundle'
), stocked as (
    select location_id, variant_id,
           case when is_warehouse then 200 + (luck + n * 37) % 4801 else 3 + (luck + n) % 4 end as units
    from places, goods
    where is_warehouse or (luck + n * 13) % 100 < $2
), levels_made as (
    insert into stock_levels (location_id, variant_id, on_hand, reorder_threshold, reorder_quantity, version)
    select location_id, variant_id, units, greatest(1, units / 5), greatest(2, units / 2), 1 from stocked
)
insert into stock_moves (id, variant_id, quantity, from_node, from_condition, to_node, to_location_id, to_condition,
                         reason, cause_type, cause_id, actor_id, occurred_at, recorded_at)
select gen_random_uuid(), variant_id, units, 'supplier', 'sellable', 'location', location_id, 'sellable',
       'receipt', 'seed', md5('receipt ' || location_id || variant_id)::uuid, '00000000-0000-0000-0000-000000000000', $3, $3
from stocked
