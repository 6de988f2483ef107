-- An order may concern several locations: its events are told to each of them.
alter table outbox_events add column also_at uuid[];
