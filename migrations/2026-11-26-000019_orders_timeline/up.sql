-- What has happened to an order, by whom and why: one row for each version of it. Orders of before have none.
create table order_events (
    order_id uuid not null references orders (id),
    version  bigint not null,
    event    text not null,
    actor_id uuid,
    reason   text,
    at       timestamptz not null,
    constraint order_events_pkey primary key (order_id, version),
    constraint order_events_event_check check (event in ('placed', 'part_paid', 'confirmed', 'processing', 'part_shipped',
                                                         'shipped', 'delivered', 'canceled'))
);

create function orders_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end $$;
create trigger order_events_append_only before update or delete on order_events
    for each row execute function orders_refuse_change();
create trigger order_events_no_truncate before truncate on order_events
    for each statement execute function orders_refuse_change();
