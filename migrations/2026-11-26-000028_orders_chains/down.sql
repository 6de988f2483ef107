drop index sourcing_decisions_decided_at_idx;
alter table sourcing_decisions
    drop column wanted,
    drop column country,
    drop constraint sourcing_decisions_strategy_check,
    add constraint sourcing_decisions_strategy_check check (strategy in ('location_priority', 'fewest_parcels')) not valid;
drop table shipping_rates;
