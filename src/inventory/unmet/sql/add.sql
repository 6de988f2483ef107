-- Adds requests and units to the unmet demand of an hour.
insert into unmet_demand as u (hour, variant_id, location_id, channel, requests, units)
select * from unnest($1::timestamptz[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[])
on conflict on constraint unmet_demand_key
do update set requests = u.requests + excluded.requests, units = u.units + excluded.units
