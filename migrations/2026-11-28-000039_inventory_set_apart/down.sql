drop table set_apart_units;
