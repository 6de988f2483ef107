-- Units that were asked for and not there, by hour. Counted in memory and written once a minute: an estimate.
create table unmet_demand (
    id          uuid primary key default gen_random_uuid(),
    hour        timestamptz not null,
    variant_id  uuid not null references variants (id),
    location_id uuid references locations (id),
    channel     text,
    requests    bigint not null,
    units       bigint not null,
    constraint unmet_demand_requests_check check (requests > 0 and units > 0),
    constraint unmet_demand_key unique nulls not distinct (hour, variant_id, location_id, channel)
);
create index unmet_demand_variant_id_idx on unmet_demand (variant_id, hour desc);
