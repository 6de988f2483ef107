-- Orders are never deleted, and neither are locations, holds and variants: the audit sees rows that name nothing, in place of
-- foreign keys that ask for each new row.
create function orders_refuse_deletion() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never deleted', tg_table_name;
end $$;
create trigger orders_stay before delete on orders for each row execute function orders_refuse_deletion();
alter table orders drop constraint orders_location_id_fkey, drop constraint orders_reservation_id_fkey,
    -- A hold names its order itself, so that no two orders have it.
    drop constraint orders_reservation_id_key;
alter table order_lines drop constraint order_lines_order_id_fkey, drop constraint order_lines_variant_id_fkey;
alter table order_events drop constraint order_events_order_id_fkey;
-- Nothing is looked for by it.
drop index order_lines_variant_id_idx;

-- Only orders that have such a name are entered.
alter table orders drop constraint orders_channel_external_ref_key;
create unique index orders_channel_external_ref_key on orders (external_ref, channel) where external_ref is not null;
drop index orders_customer_id_idx;
create index orders_customer_id_idx on orders ((customer ->> 'id'), id) where customer ->> 'id' is not null;
drop index orders_customer_email_idx;
create index orders_customer_email_idx on orders (lower(customer ->> 'email'), id) where lower(customer ->> 'email') is not null;

-- New entries come last: a page that is full is left full, and not split in halves.
drop index orders_location_id_idx;
create index orders_location_id_idx on orders (location_id, created_at, id);
drop index orders_created_at_idx;
create index orders_created_at_idx on orders (created_at, id);
