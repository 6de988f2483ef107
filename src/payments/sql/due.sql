-- Payments whose next operation is due: those of one payment are done in the order in which they were asked.
select payment_id
from (
    select distinct on (payment_id) payment_id, next_at
    from payment_operations where state = 'open'
    order by payment_id, id
) as next
where next_at <= $1
order by next_at, payment_id
limit $2
