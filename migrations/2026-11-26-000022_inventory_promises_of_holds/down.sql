alter table reservations drop column is_replaced;
drop index allocations_order_id_idx;
alter table allocations
    drop constraint allocations_reservation_variant_key,
    add constraint allocations_order_variant_key unique (order_id, location_id, variant_id),
    drop column reservation_id;
