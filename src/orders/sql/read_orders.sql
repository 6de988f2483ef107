-- Locked orders, whole.
select o.*,
       (select coalesce(jsonb_agg(to_jsonb(l) order by l.line_no), '[]') from order_lines as l
        where l.order_id = o.id) as lines,
       (select coalesce(jsonb_agg(to_jsonb(s) order by s.id), '[]') from shipments as s
        where s.order_id = o.id) as shipments
from orders as o
where o.id = any ($1::uuid[])
order by o.id
