-- One spelling, that of the field: authorized.
alter table payments rename column authorised_minor to authorized_minor;
alter table payments drop constraint payments_status_check;
update payments set status = 'authorized' where status = 'authorised';
alter table payments add constraint payments_status_check check (status in (
    'pending', 'requires_action', 'authorized', 'captured', 'refunded', 'voided', 'declined'));
alter table payment_operations drop constraint payment_operations_kind_check;
update payment_operations set kind = 'authorize' where kind = 'authorise';
alter table payment_operations
    add constraint payment_operations_kind_check check (kind in ('authorize', 'capture', 'void', 'refund'));
alter table sandbox_intents rename column authorised_minor to authorized_minor;
alter table sandbox_intents drop constraint sandbox_intents_status_check;
update sandbox_intents
set status = case status when 'authorised' then 'authorized' else status end,
    method = replace(method, 'authorise', 'authorize')
where status = 'authorised' or method like '%authorise%';
alter table sandbox_intents add constraint sandbox_intents_status_check check (status in (
    'requires_action', 'authorized', 'declined', 'captured', 'voided'));
update sandbox_calls set kind = 'authorize' where kind = 'authorise';
