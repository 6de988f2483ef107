-- The currency of the books: the one that is wanted, unless costs are known in another.
insert into cost_book (currency) values ($1)
on conflict (is_only) do update
set currency = case
    when cost_book.currency = excluded.currency or exists (select from stock_levels where average_cost is not null)
    then cost_book.currency
    else excluded.currency
end
returning currency
