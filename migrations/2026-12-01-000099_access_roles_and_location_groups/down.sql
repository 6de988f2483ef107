-- Servers of before know the built-in roles alone, and locations but no groups of them.
delete from grants
where is_group or role not in ('admin', 'catalog_manager', 'planner', 'store_manager', 'warehouse_staff', 'cashier',
                               'support', 'analyst');
drop index grants_location_id_idx;
drop index grants_role_idx;
alter table grants
    drop constraint grants_group_check,
    drop column is_group,
    add constraint grants_role_check check (role in ('admin', 'catalog_manager', 'planner', 'store_manager', 'warehouse_staff', 'cashier', 'support', 'analyst'));
drop table location_group_members;
drop table location_groups;
drop table roles;
