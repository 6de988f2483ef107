-- Writes the units that a location could not find and has set apart until a count.
insert into set_apart_units as a (since, location_id, variant_id, lot_id, units)
select $1, d.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::integer[]) as d (location_id, variant_id, lot_id, units)
on conflict on constraint set_apart_units_key
do update set units = excluded.units, since = case when excluded.units > a.units then excluded.since else a.since end
returning 1
