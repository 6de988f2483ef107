-- The oldest events are deleted after a time: the last position that is gone, and a time before which some may be.
alter table event_head
    add column deleted_to bigint not null default 0,
    add column deleted_before timestamptz not null default '-infinity';
