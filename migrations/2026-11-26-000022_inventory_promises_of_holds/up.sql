-- A promise belongs to the hold that it was: an order may have several at one place, when a part of it leaves earlier, is
-- given up or is moved elsewhere. A hold that others stand for now is kept for the record only.
alter table allocations add column reservation_id uuid references reservations (id);
update allocations as a set reservation_id = r.id
from reservations as r
where r.order_id = a.order_id and r.location_id = a.location_id and r.status = 'converted';
alter table allocations
    alter column reservation_id set not null,
    drop constraint allocations_order_variant_key,
    add constraint allocations_reservation_variant_key unique (reservation_id, variant_id);
create index allocations_order_id_idx on allocations (order_id);

alter table reservations add column is_replaced boolean not null default false;
