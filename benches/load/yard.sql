-- The yardstick's function: the same rows for an order as the service writes, in one call.
create function bench_order(pair integer) returns uuid language plpgsql as $$
declare
    p bench_pairs; oid uuid := gen_random_uuid(); rid uuid := gen_random_uuid(); e bigint; stamp timestamptz := now();
begin
    select * into p from bench_pairs where n = pair;
    perform 1 from stock_levels where location_id = p.location_id and variant_id in (p.first, p.second)
    order by location_id, variant_id for no key update;
    insert into reservations (id, location_id, order_id, principal_id, expires_at, created_at)
    values (rid, p.location_id, oid, oid, stamp + interval '30 minutes', stamp);
    insert into reservation_lines (reservation_id, variant_id, quantity, level_version)
    values (rid, p.first, 1, 1), (rid, p.second, 1, 1);
    insert into orders (id, channel, currency, location_id, reservation_id, total_minor, customer, placed_by, hold_expires_at, created_at, updated_at)
    values (oid, 'web', 'EUR', p.location_id, rid, 2000, '{}', oid, stamp + interval '30 minutes', stamp, stamp);
    insert into order_lines (order_id, line_no, variant_id, sku, name, quantity, unit_minor, total_minor)
    values (oid, 1, p.first, 'MC-00001', 'A lipstick, Rouge', 1, 1000, 1000), (oid, 2, p.second, 'MC-00002', 'Another, Rose', 1, 1000, 1000);
    update stock_levels set reserved = reserved + 1, version = version + 1
    where location_id = p.location_id and variant_id in (p.first, p.second)
      and on_hand - damaged - quality_hold - returned - expired - allocated - reserved - safety_stock >= 1;
    insert into outbox_events (event_id, event_type, aggregate_type, aggregate_id, aggregate_version, location_id, payload, created_at)
    values (gen_random_uuid(), 'orders.order_placed.v1', 'order', oid, 1, p.location_id, '{"number":1,"channel":"web","total_minor":2000,"currency":"EUR","lines":[]}', stamp)
    returning id into e;
    insert into event_pending (event_ids) values (array[e]);
    insert into idempotency_keys (principal_id, key, fingerprint, permission, location_id, status, body, version, created_at)
    values (oid, rid::text, decode(md5(rid::text) || md5(oid::text), 'hex'), 'orders:place', p.location_id, 201, repeat('x', 1200), 1, stamp);
    return oid;
end $$;
