-- What was handed over stays so.
select 1;
