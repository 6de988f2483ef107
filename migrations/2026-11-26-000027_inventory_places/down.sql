alter table locations
    drop column latitude,
    drop column longitude,
    drop column ships_to,
    drop column daily_orders;
