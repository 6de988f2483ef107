alter table stock_moves drop column note;
