-- Deletes the oldest ranges of events, if all of their events are older than a time, and notes how far. The position that is
-- noted only rises.
with wanted as (
    select $1::timestamptz as before, $2::bigint as most
), oldest as (
    select f.last, f.event_ids, sum(cardinality(f.event_ids)) over (order by f.last) as so_far
    from (select last, event_ids from event_ranges
          where last > (select deleted_to from event_head) order by last limit (select most from wanted)) as f
), young as (
    select min(o.last) as last
    from oldest as o
    cross join lateral unnest(o.event_ids) as t (id)
    join outbox_events as e on e.id = t.id
    where e.created_at >= (select before from wanted)
), old as (
    select last, event_ids from oldest
    where so_far <= (select most from wanted) and last < coalesce((select last from young), 9223372036854775807)
), placed as (
    delete from event_ranges where last in (select last from old)
), told as (
    delete from outbox_events where id in (select t.id from old cross join lateral unnest(event_ids) as t (id))
), noted as (
    update event_head
    set deleted_to = greatest(deleted_to, (select max(last) from old)),
        deleted_before = greatest(deleted_before, (select before from wanted))
    where exists (select from old)
)
select coalesce(sum(cardinality(event_ids)), 0)::bigint as count from old
