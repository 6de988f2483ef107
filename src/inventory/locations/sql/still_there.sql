-- What keeps a location from being closed, in words.
select format('%s units on hand', sum(on_hand)) as what from stock_levels where location_id = $1 having sum(on_hand) > 0
union all
select format('%s units held or promised', sum(reserved + allocated))
from stock_levels where location_id = $1 having sum(reserved + allocated) > 0
union all
select format('%s units on their way', sum(in_transit)) from stock_levels where location_id = $1 having sum(in_transit) > 0
union all
select format('transfer %s', number) from transfers
where status not in ('received', 'canceled') and (from_location_id = $1 or to_location_id = $1)
union all
select format('purchase order %s', number) from purchase_orders
where status not in ('received', 'closed', 'canceled') and location_id = $1
union all
select format('count %s', number) from stock_counts where status in ('counting', 'review') and location_id = $1
