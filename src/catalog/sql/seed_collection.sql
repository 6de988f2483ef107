-- The products of the collection.
insert into group_products (group_id, product_id, position)
select md5('collection lumiere')::uuid, id, row_number() over (order by name) - 1
from products where name like 'Lumière %' and name not like '% N° %';
