-- Gives the uses of canceled orders back.
update promotion_redemptions as r
set released_at = $1
from unnest($2::uuid[], $3::uuid[]) as d (order_id, promotion_id)
where r.order_id = d.order_id and r.promotion_id = d.promotion_id and r.released_at is null
returning 1
