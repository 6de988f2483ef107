drop table transfer_lots, transfer_lines, transfers;
