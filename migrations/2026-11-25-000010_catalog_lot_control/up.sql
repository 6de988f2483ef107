-- What must be known of the goods of a variant when they arrive: nothing, their lot, or their lot and its expiry.
alter table variants
    add column lot_control text not null default 'none',
    add constraint variants_lot_control_check check (lot_control in ('none', 'lot', 'expiry'));
