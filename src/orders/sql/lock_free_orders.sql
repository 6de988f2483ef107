-- Locks orders in order of id, leaving out those that others have locked, and takes numbers for new ones in the same
-- round trip.
with locked as (
    select id from orders where id = any ($1::uuid[]) order by id for no key update skip locked
), fresh as (
    select nextval(pg_get_serial_sequence('orders', 'number')) as number from generate_series(1, $2::integer)
)
select id, null::bigint as number from locked
union all
select null::uuid, number from fresh
