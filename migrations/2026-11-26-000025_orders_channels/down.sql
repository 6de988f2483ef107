alter table rejections
    drop constraint rejections_reason_check,
    add constraint rejections_reason_check check (reason in ('not_in_stock', 'damaged', 'no_capacity', 'other')) not valid;
drop table shortfalls;
drop table pickups;
alter table orders drop column external_ref, drop column is_pickup;
