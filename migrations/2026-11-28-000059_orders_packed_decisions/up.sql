-- What was looked at for an order, and what each place gives to it, is kept packed.
alter table sourcing_decisions alter column candidates drop not null, alter column parts drop not null,
    alter column wanted drop not null, add column packed bytea;
alter table sourcing_decisions alter column packed set storage external;
