-- A file may be tried without changing anything; of an export, what is in the books already is skipped, and columns that
-- only tell are not read.
alter table imports
    add column dry_run         boolean not null default false,
    add column ignored_columns text[]  not null default '{}',
    add column skipped         integer not null default 0,
    drop constraint imports_progress_check,
    add constraint imports_progress_check check (done >= 0 and failed >= 0 and skipped >= 0
                                                 and done + failed + skipped <= rows);
alter table import_rows
    drop constraint import_rows_status_check,
    add constraint import_rows_status_check check (status in ('waiting', 'done', 'failed', 'skipped')) not valid;
