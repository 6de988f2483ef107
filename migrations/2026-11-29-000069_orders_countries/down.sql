-- The codes are right for every version: nothing is undone.
select 1;
