-- Why stock may be adjusted: a list that the brand keeps. `node` is where the units come from or go to when they enter
-- or leave the books; `direction` says whether on-hand may grow by it, shrink by it, or both.
create table reasons (
    code       text primary key,
    name       text not null,
    direction  text not null,
    node       text not null,
    is_active  boolean not null default true,
    version    bigint not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint reasons_code_check check (code ~ '^[a-z][a-z0-9_]{1,31}$'),
    constraint reasons_direction_check check (direction in ('in', 'out', 'both')),
    constraint reasons_node_check check (node in ('scrap', 'adjust'))
);
insert into reasons (code, name, direction, node) values
    ('count', 'A count said otherwise', 'both', 'adjust'),
    ('found', 'Units turned up', 'in', 'adjust'),
    ('damage', 'Units were damaged', 'out', 'scrap'),
    ('sample', 'Given away as a sample', 'out', 'scrap'),
    ('tester', 'Opened as a tester', 'out', 'scrap'),
    ('theft', 'Stolen', 'out', 'adjust'),
    ('write_off', 'Written off', 'out', 'scrap'),
    ('correction', 'An earlier entry was wrong', 'both', 'adjust'),
    ('quality', 'Quality control', 'both', 'adjust'),
    ('expiry', 'Past its date', 'out', 'scrap'),
    ('restock', 'Back on sale', 'in', 'adjust');
