-- A server that still gives positions waits, and fails: what it wrote in between would be lost.
lock table event_head, event_ranges in access exclusive mode;
create table event_feed (
    position bigint primary key,
    event_id bigint not null
);
insert into event_feed (position, event_id)
select r.last - cardinality(r.event_ids) + e.no, e.id
from event_ranges as r cross join lateral unnest(r.event_ids) with ordinality as e (id, no);
drop table event_ranges;
