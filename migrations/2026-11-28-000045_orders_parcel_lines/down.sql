alter table shipments drop column lines;
