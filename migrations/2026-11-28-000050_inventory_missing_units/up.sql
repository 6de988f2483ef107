-- Never more units are missing than are held back.
update set_apart_units as a
set units = least(a.units, l.quality_hold)
from stock_levels as l
where l.location_id = a.location_id and l.variant_id = a.variant_id and a.units > l.quality_hold;
