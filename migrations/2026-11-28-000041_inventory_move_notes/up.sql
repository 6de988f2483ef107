-- Someone's own words about a move, such as of an adjustment.
alter table stock_moves add column note text;
