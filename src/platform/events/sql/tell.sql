-- Publishes events; the sequencer gives them their positions later.
insert into outbox_events
    (event_id, event_type, aggregate_type, aggregate_id, aggregate_version, location_id, packed, created_at, also_at)
select e.event_id, e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_version, e.location_id,
       e.packed, e.created_at, e.also_at::uuid[]
from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bigint[], $6::uuid[], $7::bytea[], $8::timestamptz[],
            $9::text[])
    with ordinality
    as e (event_id, event_type, aggregate_type, aggregate_id, aggregate_version, location_id, packed, created_at,
          also_at, no)
order by e.no
returning id
