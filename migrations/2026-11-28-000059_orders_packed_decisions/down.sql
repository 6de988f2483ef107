-- What was packed cannot be read without the service: such decisions are given up.
delete from sourcing_decisions where packed is not null;
alter table sourcing_decisions drop column packed;
alter table sourcing_decisions alter column candidates set not null, alter column parts set not null,
    alter column wanted set not null;
