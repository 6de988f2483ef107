-- What was packed cannot be read without the service: it is given up.
delete from idempotency_keys where packed is not null;
alter table idempotency_keys drop column packed;
alter table outbox_events drop constraint outbox_events_payload_check;
update outbox_events set payload = '{}' where payload is null;
alter table outbox_events drop column packed;
alter table outbox_events alter column payload set not null;
