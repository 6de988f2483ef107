drop table import_rows, imports;
