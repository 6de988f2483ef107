alter table stock_levels drop column dated;
