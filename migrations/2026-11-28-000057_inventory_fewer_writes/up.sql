-- Locations and holds are never deleted, and neither are variants. A foreign key to them asks for each new row, and logs a
-- lock of what it names; the audit sees rows that name nothing.
create function inventory_refuse_deletion() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never deleted', tg_table_name;
end $$;
create trigger locations_stay before delete on locations for each row execute function inventory_refuse_deletion();
create trigger reservations_stay before delete on reservations for each row execute function inventory_refuse_deletion();
alter table reservations drop constraint reservations_location_id_fkey;
alter table reservation_lines drop constraint reservation_lines_reservation_id_fkey,
    drop constraint reservation_lines_variant_id_fkey;
-- Nothing is looked for by it: holds are found by location, order or id.
drop index reservation_lines_variant_id_idx;
