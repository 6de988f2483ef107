-- Writes returns that a batch has changed.
update returns as r
set status = d.status, location_id = d.location_id, is_returnless = d.is_returnless, note = d.note,
    refund_minor = d.refund_minor, withheld_minor = d.withheld_minor, goods = d.goods, inspection = d.inspection,
    version = d.version, updated_at = d.updated_at, shipping_minor = d.shipping_minor,
    shipping_tax_minor = d.shipping_tax_minor
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::boolean[], $5::text[], $6::bigint[], $7::bigint[], $8::jsonb[],
            $9::jsonb[], $10::bigint[], $11::timestamptz[], $12::bigint[], $13::bigint[], $14::bigint[])
    as d (id, status, location_id, is_returnless, note, refund_minor, withheld_minor, goods, inspection, version,
          updated_at, before, shipping_minor, shipping_tax_minor)
where r.id = d.id and r.version = d.before
returning 1
