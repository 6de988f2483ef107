-- A price for every variant in every channel and in three currencies.
insert into prices (variant_id, channel, currency, amount_minor, updated_at)
select v.id, c.channel, k.currency, (990 + (('x' || substr(md5(v.sku), 1, 6))::bit(24)::integer % 90) * 100) * k.factor, $1
from variants as v,
     (values ('web'), ('mobile'), ('pos'), ('marketplace')) as c (channel),
     (values ('EUR', 1), ('USD', 1), ('JPY', 2)) as k (currency, factor);
