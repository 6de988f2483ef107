-- Adds deltas to locked stock rows. The table's checks refuse what may not be.
update stock_levels as s
set on_hand = s.on_hand + d.on_hand,
    damaged = s.damaged + d.damaged,
    quality_hold = s.quality_hold + d.quality_hold,
    returned = s.returned + d.returned,
    expired = s.expired + d.expired,
    allocated = s.allocated + d.allocated,
    reserved = s.reserved + d.reserved,
    version = s.version + 1
from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[],
            $8::integer[], $9::integer[])
    as d (location_id, variant_id, on_hand, damaged, quality_hold, returned, expired, allocated, reserved)
where s.location_id = d.location_id and s.variant_id = d.variant_id
returning s.*
