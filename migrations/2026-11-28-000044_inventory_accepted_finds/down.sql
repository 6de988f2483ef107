drop table accepted_finds;
