-- Levels whose inventory position is at or below their reorder threshold, with what sold there lately and where there
-- is more than enough.
with low as (
    select l.*, o.units as on_order,
           l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired - l.allocated - l.reserved - l.safety_stock
               as available
    from stock_levels as l
    cross join lateral (
        select coalesce(sum(p.ordered - p.received), 0)::integer as units
        from purchase_order_lines as p
        join purchase_orders as h on h.id = p.purchase_order_id
        where p.variant_id = l.variant_id and h.location_id = l.location_id and p.ordered > p.received
          and h.status in ('ordered', 'partially_received')
    ) as o
    where l.reorder_threshold > 0
      -- The inventory position: what is available (less what is promised beyond it), on its way, and ordered.
      and l.on_hand - l.damaged - l.quality_hold - l.returned - l.expired - l.allocated - l.reserved - l.safety_stock
          + l.in_transit + o.units <= l.reorder_threshold
      and ($1::uuid[] is null or l.location_id = any ($1))
      and ($2::uuid is null or (l.location_id, l.variant_id) > ($2, $3::uuid))
    order by l.location_id, l.variant_id
    limit $4
), wanted as (
    select l.location_id, l.variant_id, l.available, l.in_transit, l.reorder_threshold, l.reorder_quantity, l.safety_stock,
           coalesce(s.sold, 0) as sold, l.on_order,
           greatest(l.reorder_quantity, 1, ceil(coalesce(s.sold, 0) * (coalesce(i.lead_days, $9) + $10) / $5::double precision)
               + l.reorder_threshold - l.available - l.in_transit - l.on_order)::integer as suggested,
           i.supplier_id, i.supplier_code, i.supplier_sku, coalesce(i.pack_size, 1) as pack_size,
           coalesce(i.minimum_units, 0) as minimum_units
    from low as l
    left join lateral (
        -- From whom it is bought: the preferred supplier, else the quickest.
        select i.supplier_id, s.code as supplier_code, i.supplier_sku, i.pack_size, i.minimum_units,
               coalesce(i.lead_days, s.lead_days) as lead_days
        from supplier_items as i
        join suppliers as s on s.id = i.supplier_id
        where i.variant_id = l.variant_id and i.is_active and s.is_active
        order by i.is_preferred desc, coalesce(i.lead_days, s.lead_days), s.code
        limit 1
    ) as i on true
    cross join lateral (
        -- Sales of goods that the books had: what a sale has found beyond the bound is no demand that one can rely on,
        -- until someone has looked at it.
        select sum(m.quantity) - coalesce((
            select sum(f.quantity) from stock_moves as f
            where f.variant_id = l.variant_id and f.to_location_id = l.location_id and f.from_node = 'adjust'
              and f.reason = 'found' and f.cause_type = 'order' and f.quantity > $8 and f.recorded_at > $6
              and not exists (select 1 from accepted_finds as a where a.order_id = f.cause_id)), 0) as sold
        from stock_moves as m
        where m.variant_id = l.variant_id and m.from_location_id = l.location_id and m.to_node = 'customer'
          and m.recorded_at > $6
    ) as s
)
select w.location_id, w.variant_id, w.available, w.in_transit, w.reorder_threshold, w.reorder_quantity, w.safety_stock,
       w.sold::bigint as sold, w.on_order, w.suggested, m.location_id as source_id, m.surplus as source_surplus,
       w.supplier_id, w.supplier_code, w.supplier_sku,
       (ceil(greatest(w.suggested, w.minimum_units)::numeric / w.pack_size) * w.pack_size)::integer as to_buy
from wanted as w
left join lateral (
    select o.location_id, o.surplus
    from (
        select o.location_id,
               o.on_hand - o.damaged - o.quality_hold - o.returned - o.expired - o.allocated - o.reserved - o.safety_stock
                   - 2 * o.reorder_threshold as surplus
        from stock_levels as o
        where o.variant_id = w.variant_id
          and o.location_id <> w.location_id
          and ($7::uuid[] is null or o.location_id = any ($7))
    ) as o
    where o.surplus >= w.suggested
    order by o.surplus desc, o.location_id
    limit 1
) as m on true
order by w.location_id, w.variant_id
