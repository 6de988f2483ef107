-- A bundle may come back in part: `components` are the parts of a returned line that do, each with what it is worth;
-- `returned_parts` are those of an order's line that came back beyond whole units.
alter table order_lines add column returned_parts jsonb;
alter table return_lines add column components jsonb;
