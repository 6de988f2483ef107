-- Where a place is, where it sends to (everywhere, if nowhere is named), and how many orders it can send in a day.
alter table locations
    add column latitude     double precision,
    add column longitude    double precision,
    add column ships_to     text[] not null default '{}',
    add column daily_orders integer,
    add constraint locations_position_check check (
        (latitude is null) = (longitude is null) and latitude between -90 and 90 and longitude between -180 and 180),
    add constraint locations_daily_orders_check check (daily_orders >= 0);
