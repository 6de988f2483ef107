-- The feed by ranges of positions: one row for the events of a whole batch instead of one for each. A range ends at its last
-- position, and the positions of its events follow each other.
-- A server that still gives positions waits, and fails: what it wrote in between would be lost.
lock table event_head, event_feed in access exclusive mode;
create table event_ranges (
    last      bigint not null,
    event_ids bigint[] not null,
    constraint event_ranges_pkey primary key (last),
    constraint event_ranges_event_ids_check check (cardinality(event_ids) > 0)
);
insert into event_ranges (last, event_ids)
select max(position), array_agg(event_id order by position) from event_feed group by (position - 1) / 256 order by 1;
drop table event_feed;
