-- Files of the catalog come in, too, and exports are written in the background, part by part.
alter table imports
    -- Every row up to this one has its outcome: what is to be done is looked for after it.
    add column through integer not null default 0,
    drop constraint imports_kind_check,
    add constraint imports_kind_check check (kind in ('levels', 'counts', 'receipts', 'products', 'prices',
                                                      'translations', 'media'));

create table exports (
    id          uuid primary key,
    kind        text not null,
    format      text not null,
    filter      jsonb not null,
    status      text not null default 'queued',
    rows        bigint not null default 0,
    bytes       bigint not null default 0,
    parts       integer not null default 0,
    cursor      text,
    detail      text,
    -- The places whose rows and whose costs are in it at most; null for everywhere.
    places      uuid[],
    costs       uuid[],
    tries       integer not null default 0,
    created_by  uuid not null,
    version     bigint not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    finished_at timestamptz,
    constraint exports_kind_check check (kind in ('products', 'prices', 'translations', 'media', 'orders', 'moves')),
    constraint exports_format_check check (format in ('csv', 'jsonl')),
    constraint exports_status_check check (status in ('queued', 'running', 'finished', 'failed', 'canceled')),
    constraint exports_progress_check check (rows >= 0 and bytes >= 0 and parts >= 0)
);
create index exports_created_by_idx on exports (created_by, id desc);
create index exports_open_idx on exports (tries, created_at) where status in ('queued', 'running');

create table export_parts (
    export_id uuid not null references exports (id) on delete cascade,
    part_no   integer not null,
    content   text not null,
    constraint export_parts_pkey primary key (export_id, part_no)
);
