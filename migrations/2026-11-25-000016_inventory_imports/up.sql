-- Files that are being worked through in the background, row by row.
create table imports (
    id          uuid primary key,
    kind        text not null,
    status      text not null default 'queued',
    rows        integer not null,
    done        integer not null default 0,
    failed      integer not null default 0,
    created_by  uuid not null,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    finished_at timestamptz,
    constraint imports_kind_check check (kind in ('levels', 'counts', 'receipts')),
    constraint imports_status_check check (status in ('queued', 'running', 'finished', 'canceled')),
    constraint imports_progress_check check (done >= 0 and failed >= 0 and done + failed <= rows)
);
create index imports_created_by_idx on imports (created_by, id desc);
create index imports_open_idx on imports (created_at) where status in ('queued', 'running');

create table import_rows (
    import_id uuid not null references imports (id) on delete cascade,
    row_no    integer not null,
    line      text not null,
    status    text not null default 'waiting',
    code      text,
    detail    text,
    constraint import_rows_pkey primary key (import_id, row_no),
    constraint import_rows_status_check check (status in ('waiting', 'done', 'failed'))
);
create index import_rows_waiting_idx on import_rows (import_id, row_no) where status = 'waiting';
