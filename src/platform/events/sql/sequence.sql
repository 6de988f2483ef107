-- Takes the notes of committed transactions above a floor, oldest first, and gives their events the next positions, a
-- row for each 256 of them. A note is written after the locks of its transaction, so whoever waited for such a lock has
-- a later note; and a note that is visible here has no earlier note of the same record still to come.
with taken as (
    delete from event_pending
    where id in (select id from event_pending where id > $1 order by id limit 500)
    returning id, event_ids
), flat as (
    select e.id as event_id, row_number() over (order by t.id, e.id) as no
    from taken as t
    cross join lateral unnest(t.event_ids) as e (id)
), head as (
    update event_head set position = position + (select count(*) from flat)
    where id = 1
    returning position - (select count(*) from flat) as before
), placed as (
    insert into event_ranges (last, event_ids)
    select max(h.before + f.no), array_agg(f.event_id order by f.no)
    from flat as f cross join head as h
    group by (f.no - 1) / 256
)
select count(*) as placed, pg_current_xact_id()::text::bigint as begun from flat
