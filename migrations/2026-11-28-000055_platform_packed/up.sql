-- Answers and events are kept packed: a fifth to a half of their length. What is there stays as it is.
alter table idempotency_keys add column packed bytea;
alter table idempotency_keys alter column packed set storage external;
alter table outbox_events alter column payload drop not null;
alter table outbox_events add column packed bytea,
    add constraint outbox_events_payload_check check ((payload is null) <> (packed is null)) not valid;
alter table outbox_events alter column packed set storage external;
