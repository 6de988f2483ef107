drop index payment_operations_moved_idx;
drop index payments_taken_idx;
alter table payments drop column tender, drop column taken_at;
