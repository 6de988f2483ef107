-- A parcel may be lost on its way, or come back because it was refused, not fetched or could not be delivered. The return
-- that follows says what becomes of its goods and its money.
alter table shipments
    add column problem    text,
    add column problem_at timestamptz,
    add column return_id  uuid references returns (id),
    add constraint shipments_problem_check check (
        problem is null and problem_at is null
        or problem in ('lost', 'returned_to_sender') and problem_at is not null and delivered_at is null);
alter table return_lines drop constraint return_lines_reason_check, add constraint return_lines_reason_check check (reason in (
    'unwanted', 'wrong_item', 'damaged', 'defective', 'reaction', 'other', 'lost', 'undeliverable')) not valid;
alter table order_events drop constraint order_events_event_check, add constraint order_events_event_check check (event in (
    'placed', 'part_paid', 'confirmed', 'processing', 'part_shipped', 'shipped', 'delivered', 'canceled',
    'payment_begun', 'part_authorised', 'payment_declined', 'payment_captured', 'payment_refunded', 'payment_voided',
    'payment_failed', 'part_canceled', 'part_rejected', 'part_delivered', 'changed', 'ready_for_pickup', 'short',
    'part_returned', 'returned', 'reviewed', 'parcel_lost', 'parcel_returned_to_sender')) not valid;
