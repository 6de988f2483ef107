-- Notes for the sequencer: one for each transaction that told something, taken after its locks.
create table event_pending (
    id        bigint generated always as identity primary key,
    event_ids bigint[] not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The feed: each committed event has one position, without gaps.
create table event_feed (
    position bigint primary key,
    event_id bigint not null
);

-- The last position given; one row.
create table event_head (
    id       integer primary key default 1,
    position bigint not null default 0,
    constraint event_head_one_row_check check (id = 1)
);
insert into event_head default values;

-- What was told before there was a feed comes first, in its own order.
insert into event_pending (event_ids)
select array_agg(id order by id) from outbox_events group by id / 1000 order by id / 1000;

-- Keys are forgotten by age, which follows their place in the table: a block range index costs the writes nothing.
drop index idempotency_keys_created_at_idx;
create index idempotency_keys_created_at_idx on idempotency_keys using brin (created_at);
