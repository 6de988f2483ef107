-- Which lines a parcel holds: two lines may share a variant at different prices. Parcels that left before are taken to hold
-- the first lines that have such units.
alter table shipments add column lines jsonb not null default '[]';
