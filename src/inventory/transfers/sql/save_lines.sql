-- Writes the shipped, received, damaged and lost units of lines of transfers.
update transfer_lines as l
set shipped = d.shipped, received = d.received, damaged = d.damaged, lost = d.lost
from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::integer[], $6::integer[])
    as d (transfer_id, variant_id, shipped, received, damaged, lost)
where l.transfer_id = d.transfer_id and l.variant_id = d.variant_id
returning 1
