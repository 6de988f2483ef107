-- Lines that are given up or come back in part: a line keeps its place with what is still ordered. `parts` is what a unit
-- of a bundle is made of; null where a unit is one of the variant itself. A parcel says what is in it.
alter table order_lines
    add column canceled integer not null default 0,
    add column returned integer not null default 0,
    add column parts    jsonb,
    drop constraint order_lines_quantity_check,
    add constraint order_lines_quantity_check check (
        quantity >= 0 and canceled >= 0 and quantity + canceled > 0 and returned between 0 and quantity);
alter table shipments add column units jsonb not null default '[]';
alter table order_events
    drop constraint order_events_event_check,
    add constraint order_events_event_check check (event in (
        'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
        'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
        'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
        'part_returned', 'returned'));

-- A place that cannot fill its part of an order says so; no order asks it again.
create table rejections (
    order_id    uuid not null references orders (id),
    attempt     integer not null,
    location_id uuid not null references locations (id),
    reason      text not null,
    note        text,
    actor_id    uuid not null,
    rejected_at timestamptz not null,
    constraint rejections_pkey primary key (order_id, attempt),
    constraint rejections_reason_check check (reason in ('not_in_stock', 'damaged', 'no_capacity', 'other')),
    constraint rejections_attempt_check check (attempt > 0)
);
