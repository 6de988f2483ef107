-- Counts of what is really there. A place is counted by one count at a time.
create table stock_counts (
    id           uuid primary key,
    location_id  uuid not null references locations (id),
    status       text not null default 'counting',
    scope        text not null,
    is_blind     boolean not null,
    started_by   uuid not null,
    submitted_by uuid,
    approved_by  uuid,
    version      bigint not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    closed_at    timestamptz,
    constraint stock_counts_status_check check (status in ('counting', 'review', 'approved', 'canceled')),
    constraint stock_counts_eyes_check check (status <> 'approved' or approved_by is distinct from submitted_by)
);
create index stock_counts_location_id_idx on stock_counts (location_id, id desc);
create unique index stock_counts_open_key on stock_counts (location_id) where status in ('counting', 'review');

-- `expected` is what the books said at the moment at which it was counted, so that sales before and after that moment
-- are not taken for a variance.
create table stock_count_lines (
    id         uuid primary key,
    count_id   uuid not null references stock_counts (id),
    variant_id uuid not null references variants (id),
    lot_id     uuid references lots (id),
    at_start   integer not null,
    expected   integer,
    counted    integer,
    counted_at timestamptz,
    counted_by uuid,
    constraint stock_count_lines_key unique nulls not distinct (count_id, variant_id, lot_id),
    constraint stock_count_lines_counted_check check (
        (counted is null) = (expected is null) and (counted is null) = (counted_at is null) and counted >= 0)
);
create index stock_count_lines_variant_id_idx on stock_count_lines (variant_id);
create index stock_count_lines_lot_id_idx on stock_count_lines (lot_id);
