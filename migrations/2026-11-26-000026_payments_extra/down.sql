alter table payments drop column is_extra;
