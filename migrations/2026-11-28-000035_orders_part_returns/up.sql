-- Less may arrive of a return than was asked for; what did not is another return, or comes no more. Rows of before
-- have no number: all of them arrived.
alter table return_lines
    add column received integer,
    add constraint return_lines_received_check check (received between 0 and quantity);
alter table returns add column rest_of uuid references returns (id);
create index returns_rest_of_idx on returns (rest_of) where rest_of is not null;
create index reaction_cases_opened_at_idx on reaction_cases (opened_at desc, id desc);
