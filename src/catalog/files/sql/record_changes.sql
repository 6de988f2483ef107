-- Puts changes of prices on record. A transaction that began earlier may come later: its change has not been before the
-- one that it replaces.
insert into price_changes (variant_id, channel, currency, amount_before, amount_after, changed_by, changed_at)
select d.variant_id, d.channel, d.currency, d.amount_before, d.amount_after, $6::uuid,
       greatest($7::timestamptz, (select c.changed_at
                                  from price_changes as c
                                  where (c.variant_id, c.channel, c.currency) = (d.variant_id, d.channel, d.currency)
                                  order by c.id desc
                                  limit 1))
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
     with ordinality as d (variant_id, channel, currency, amount_before, amount_after, no)
order by d.no
