delete from grants where role = 'planner';
alter table grants
    drop constraint grants_role_check,
    add constraint grants_role_check check (role in ('admin', 'catalog_manager', 'store_manager', 'warehouse_staff', 'cashier', 'support', 'analyst'));
