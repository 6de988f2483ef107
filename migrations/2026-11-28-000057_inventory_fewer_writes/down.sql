create index reservation_lines_variant_id_idx on reservation_lines (variant_id);
alter table reservation_lines
    add constraint reservation_lines_reservation_id_fkey foreign key (reservation_id) references reservations (id),
    add constraint reservation_lines_variant_id_fkey foreign key (variant_id) references variants (id);
alter table reservations add constraint reservations_location_id_fkey foreign key (location_id) references locations (id);
drop trigger reservations_stay on reservations;
drop trigger locations_stay on locations;
drop function inventory_refuse_deletion();
