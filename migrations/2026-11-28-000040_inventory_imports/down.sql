alter table import_rows
    drop constraint import_rows_status_check,
    add constraint import_rows_status_check check (status in ('waiting', 'done', 'failed')) not valid;
alter table imports
    drop constraint imports_progress_check,
    drop column dry_run,
    drop column ignored_columns,
    drop column skipped,
    add constraint imports_progress_check check (done >= 0 and failed >= 0 and done + failed <= rows);
