//! Written by tests/it/schema.rs from the migrated database: the tables that payments owns.
diesel::table! {
    payments (id) {
        id -> Uuid,
        order_id -> Uuid,
        location_id -> Uuid,
        gateway -> Text,
        status -> Text,
        currency -> Text,
        authorised_minor -> Int8,
        captured_minor -> Int8,
        refunded_minor -> Int8,
        reference -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
