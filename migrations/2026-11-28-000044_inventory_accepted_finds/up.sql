-- Sales of which the books lacked far more than they should, and that someone has looked at: their units count as demand
-- from then on.
create table accepted_finds (
    order_id    uuid primary key,
    accepted_at timestamptz not null
);
