-- Where an order comes from may know it by a name of its own, once: a marketplace's number, a till's id of a sale.
alter table orders
    add column external_ref text,
    add column is_pickup    boolean not null default false,
    add constraint orders_channel_external_ref_key unique (channel, external_ref),
    add constraint orders_external_ref_check check (length(external_ref) between 1 and 100);

-- An order that waits at a store until its code is shown, or until it has waited too long.
create table pickups (
    order_id   uuid primary key references orders (id),
    location_id uuid not null references locations (id),
    status     text not null,
    code       text not null,
    attempts   integer not null default 0,
    ready_at   timestamptz not null,
    expires_at timestamptz not null,
    ended_at   timestamptz,
    version    bigint not null default 1,
    constraint pickups_status_check check (status in ('ready', 'collected', 'expired', 'canceled')),
    constraint pickups_code_check check (code ~ '^[0-9]{6}$'),
    constraint pickups_ended_check check ((status = 'ready') = (ended_at is null))
);
create index pickups_waiting_idx on pickups (location_id, ready_at) where status = 'ready';
create index pickups_due_idx on pickups (expires_at) where status = 'ready';

-- Promises whose goods were sold to someone else: sourced again from other places, again and again until they are kept.
create table shortfalls (
    order_id    uuid not null references orders (id),
    location_id uuid not null references locations (id),
    raised_at   timestamptz not null,
    next_at     timestamptz not null,
    constraint shortfalls_pkey primary key (order_id, location_id)
);
alter table rejections
    drop constraint rejections_reason_check,
    add constraint rejections_reason_check check (reason in ('not_in_stock', 'damaged', 'no_capacity', 'other', 'short'));
