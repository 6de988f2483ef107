-- The oldest ranges of the feed with at most so many events, a range at least.
select f.last, f.event_ids
from (select last, event_ids, sum(cardinality(event_ids)) over (order by last) - cardinality(event_ids) as before
      from (select last, event_ids from event_ranges order by last limit $1) as r) as f
where f.before < $2
order by f.last
