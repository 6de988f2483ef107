drop table stock_count_lines, stock_counts;
