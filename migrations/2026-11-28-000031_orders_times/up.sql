-- When an order happened (a sale may be told later), on which business day of its location, and what someone has to look
-- at: a till's clock that was wrong, goods that were held back, a client id that another sale has.
alter table orders
    add column occurred_at timestamptz,
    add column business_date date,
    add column marks text[] not null default '{}',
    add column sale_fingerprint bytea,
    add column conflict_with uuid references orders (id),
    add column reviewed_at timestamptz;
update orders as o
set occurred_at = o.created_at,
    business_date = (o.created_at at time zone l.time_zone)::date
from locations as l
where l.id = o.location_id;
-- The version before this one does not name them.
create function orders_fill_times() returns trigger language plpgsql as $$
begin
    new.occurred_at := coalesce(new.occurred_at, new.created_at);
    new.business_date := coalesce(new.business_date,
        (select (new.occurred_at at time zone l.time_zone)::date from locations as l where l.id = new.location_id));
    return new;
end $$;
create trigger fill_times before insert on orders for each row
when (new.occurred_at is null or new.business_date is null) execute function orders_fill_times();
alter table orders
    alter column occurred_at set not null,
    alter column business_date set not null,
    add constraint orders_marks_check check (marks <@ array['clock_skew', 'held_goods', 'client_id_reused', 'unknown_lot', 'much_found']),
    add constraint orders_occurred_at_check check (occurred_at <= created_at);
create index orders_business_date_idx on orders (business_date, id);
create index orders_to_review_idx on orders (id) where cardinality(marks) > 0 and reviewed_at is null;
-- Orders are found by what people hold in their hands.
create index orders_customer_id_idx on orders ((customer ->> 'id'), id);
create index orders_customer_email_idx on orders (lower(customer ->> 'email'), id);
alter table order_events drop constraint order_events_event_check, add constraint order_events_event_check check (event in (
    'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
    'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
    'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
    'part_returned', 'returned', 'reviewed'));
