-- Variants are retired and never deleted: what names one need not ask for it with each row.
create function catalog_refuse_deletion() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are never deleted', tg_table_name;
end $$;
create trigger variants_stay before delete on variants for each row execute function catalog_refuse_deletion();
