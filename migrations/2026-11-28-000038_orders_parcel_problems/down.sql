alter table order_events drop constraint order_events_event_check, add constraint order_events_event_check check (event in (
    'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
    'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
    'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
    'part_returned', 'returned', 'reviewed')) not valid;
alter table return_lines drop constraint return_lines_reason_check, add constraint return_lines_reason_check check (reason in (
    'unwanted', 'wrong_item', 'damaged', 'defective', 'reaction', 'other')) not valid;
alter table shipments
    drop column problem,
    drop column problem_at,
    drop column return_id;
