update sandbox_calls set kind = 'authorise' where kind = 'authorize';
alter table sandbox_intents drop constraint sandbox_intents_status_check;
update sandbox_intents
set status = case status when 'authorized' then 'authorised' else status end,
    method = replace(method, 'authorize', 'authorise')
where status = 'authorized' or method like '%authorize%';
alter table sandbox_intents rename column authorized_minor to authorised_minor;
alter table sandbox_intents add constraint sandbox_intents_status_check check (status in (
    'requires_action', 'authorised', 'declined', 'captured', 'voided'));
alter table payment_operations drop constraint payment_operations_kind_check;
update payment_operations set kind = 'authorise' where kind = 'authorize';
alter table payment_operations
    add constraint payment_operations_kind_check check (kind in ('authorise', 'capture', 'void', 'refund'));
alter table payments drop constraint payments_status_check;
update payments set status = 'authorised' where status = 'authorized';
alter table payments rename column authorized_minor to authorised_minor;
alter table payments add constraint payments_status_check check (status in (
    'pending', 'requires_action', 'authorised', 'captured', 'refunded', 'voided', 'declined'));
