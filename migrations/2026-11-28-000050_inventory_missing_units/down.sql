-- What is not held back is not missing.
select 1;
