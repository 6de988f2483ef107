alter table outbox_events drop column also_at;
