-- Adds the words of passages to those that typing errors are corrected to: none with digits, for a wrong number is
-- another number.
insert into document_words (word)
select distinct w.word
from unnest($1::text[]) as t (text)
cross join lateral regexp_split_to_table(t.text, ' ') as w (word)
where length(w.word) between 3 and 40 and w.word !~ '[0-9]'
order by w.word
on conflict do nothing
