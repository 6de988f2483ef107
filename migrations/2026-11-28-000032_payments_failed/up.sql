-- Payments that need a person are few.
create index payments_failed_idx on payments (id) where failure is not null and status <> 'declined';
