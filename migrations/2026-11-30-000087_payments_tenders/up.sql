-- The way in which money was handed over: cash with its rounding and change, or a card at a terminal, each with its
-- tip. `taken_at` is when it was, where that is not when it was written down.
alter table payments
    add column tender jsonb,
    add column taken_at timestamptz,
    add constraint payments_tender_check check (tender is null or gateway = 'manual') not valid;
-- The takings of a location on a day.
create index payments_taken_idx on payments (location_id, (coalesce(taken_at, created_at)));
-- By the moment that never changes, so that rows are updated in place.
create index payment_operations_moved_idx on payment_operations (created_at) where kind in ('capture', 'refund');
