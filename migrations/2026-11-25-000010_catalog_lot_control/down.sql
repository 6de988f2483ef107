alter table variants drop column lot_control;
