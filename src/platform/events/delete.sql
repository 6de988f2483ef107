-- Deletes the oldest events, if they are older than a time, and notes how far. The position that is noted only rises.
with wanted as (
    select $1::timestamptz as before, $2::bigint as most
), oldest as (
    select f.position, f.event_id, e.created_at
    from event_feed as f
    join outbox_events as e on e.id = f.event_id
    where f.position > (select deleted_to from event_head)
    order by f.position
    limit (select most from wanted)
), old as (
    select position, event_id from oldest
    where position < coalesce((select min(o.position) from oldest as o cross join wanted as w where o.created_at >= w.before),
                              9223372036854775807)
), placed as (
    delete from event_feed where position in (select position from old)
), told as (
    delete from outbox_events where id in (select event_id from old)
), noted as (
    update event_head
    set deleted_to = greatest(deleted_to, (select max(position) from old)),
        deleted_before = greatest(deleted_before, (select before from wanted))
    where exists (select from old)
)
select count(*) as count from old
