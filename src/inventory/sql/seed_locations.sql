-- Stores and warehouses; the warehouses come first when an order names no location.
insert into locations (id, code, name, kind, priority, country, time_zone, created_at, updated_at,
                       latitude, longitude)
select md5('location ' || n)::uuid,
       case when n % 6 = 1 then 'WH-' else 'STORE-' end || lpad(n::text, 3, '0'),
       case when n % 6 = 1 then 'Warehouse ' else 'Boutique ' end
           || (array['Paris', 'Lyon', 'Berlin', 'Milano', 'Madrid', 'Wien', 'Lisboa', 'Bruxelles', 'Praha', 'Oslo'])[1 + n % 10]
           || ' ' || n,
       case when n % 6 = 1 then 'warehouse' else 'store' end,
       case when n % 6 = 1 then 10 + n else 100 + n end,
       (array['FR', 'FR', 'DE', 'IT', 'ES', 'AT', 'PT', 'BE', 'CZ', 'NO'])[1 + n % 10],
       (array['Europe/Paris', 'Europe/Paris', 'Europe/Berlin', 'Europe/Rome', 'Europe/Madrid', 'Europe/Vienna',
              'Europe/Lisbon', 'Europe/Brussels', 'Europe/Prague', 'Europe/Oslo'])[1 + n % 10],
       $2, $2,
       (array[48.857, 45.764, 52.520, 45.464, 40.417, 48.208, 38.722, 50.850, 50.075, 59.913])[1 + n % 10],
       (array[2.352, 4.836, 13.405, 9.190, -3.704, 16.373, -9.139, 4.352, 14.438, 10.752])[1 + n % 10]
from generate_series(1, $1) as n
