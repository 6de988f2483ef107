-- Reads the available units of all levels of a location, for the index in memory.
select variant_id,
       on_hand - damaged - quality_hold - returned - expired - allocated - reserved - safety_stock as available,
       backorder_limit, version, dated
from stock_levels
where location_id = $1
