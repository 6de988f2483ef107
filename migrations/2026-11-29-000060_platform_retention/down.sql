alter table event_head drop column deleted_before, drop column deleted_to;
