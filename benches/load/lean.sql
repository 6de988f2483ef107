-- The least that an order of two lines can be: a key, two levels, an order with its lines and reservations, an event.
create table lean_keys (key uuid primary key, answer text not null);
create table lean_levels (
    location_id uuid, variant_id uuid, on_hand integer not null, reserved integer not null default 0,
    primary key (location_id, variant_id));
create table lean_orders (id uuid primary key, location_id uuid not null, total_minor bigint not null, created_at timestamptz not null default now());
create table lean_lines (order_id uuid, line_no integer, variant_id uuid not null, quantity integer not null, unit_minor bigint not null, primary key (order_id, line_no));
create table lean_reservations (id uuid primary key, order_id uuid not null, location_id uuid not null, variant_id uuid not null, quantity integer not null);
create table lean_outbox (id bigint generated always as identity primary key, payload jsonb not null);
insert into lean_levels (location_id, variant_id, on_hand)
select distinct on (location_id, variant_id) location_id, variant_id, 1000000000
from (select location_id, first as variant_id from bench_pairs union all select location_id, second from bench_pairs) as p;

create function lean_order(pair integer) returns uuid language plpgsql as $$
declare
    p bench_pairs; oid uuid := gen_random_uuid();
begin
    select * into p from bench_pairs where n = pair;
    insert into lean_keys values (gen_random_uuid(), oid::text);
    perform 1 from lean_levels where location_id = p.location_id and variant_id in (p.first, p.second)
    order by location_id, variant_id for no key update;
    update lean_levels set reserved = reserved + 1
    where location_id = p.location_id and variant_id in (p.first, p.second) and on_hand - reserved >= 1;
    insert into lean_orders (id, location_id, total_minor) values (oid, p.location_id, 2000);
    insert into lean_lines values (oid, 1, p.first, 1, 1000), (oid, 2, p.second, 1, 1000);
    insert into lean_reservations values (gen_random_uuid(), oid, p.location_id, p.first, 1), (gen_random_uuid(), oid, p.location_id, p.second, 1);
    insert into lean_outbox (payload) values (jsonb_build_object('order', oid, 'total', 2000));
    return oid;
end $$;

-- Sixteen reservations of one row in one call, each kind of row in one statement: the most that PostgreSQL gives.
create function hot_batch(at uuid, what uuid) returns integer language plpgsql as $$
declare
    stamp timestamptz := now();
    ids uuid[] := array(select gen_random_uuid() from generate_series(1, 16));
begin
    perform 1 from stock_levels where location_id = at and variant_id = what for no key update;
    insert into reservations (id, location_id, principal_id, expires_at, created_at)
    select id, at, id, stamp + interval '15 minutes', stamp from unnest(ids) as id;
    insert into reservation_lines (reservation_id, variant_id, quantity, level_version)
    select id, what, 1, 1 from unnest(ids) as id;
    insert into idempotency_keys (principal_id, key, fingerprint, permission, location_id, status, body, version, created_at)
    select id, id::text, uuid_send(id) || uuid_send(id), 'inventory:reserve', at, 201, repeat('x', 450), 1, stamp
    from unnest(ids) as id;
    update stock_levels set reserved = reserved + 16, version = version + 16 where location_id = at and variant_id = what;
    return 16;
end $$;
