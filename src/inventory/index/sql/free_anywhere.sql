-- Units of variants that all locations together may still promise at most, whatever else is asked of the locations.
select w.units,
       coalesce((select sum(greatest(0, s.on_hand - s.damaged - s.quality_hold - s.returned - s.expired - s.allocated
                                        - s.reserved - s.safety_stock + s.backorder_limit))
                 from stock_levels as s where s.variant_id = w.variant_id), 0)::bigint as free
from unnest($1::uuid[], $2::integer[]) as w (variant_id, units)
