//! Written by tests/it/schema.rs from the migrated database: the tables that platform owns.
diesel::table! {
    outbox_events (id) {
        id -> Int8,
        event_id -> Uuid,
        event_type -> Text,
        aggregate_type -> Text,
        aggregate_id -> Uuid,
        aggregate_version -> Int8,
        location_id -> Nullable<Uuid>,
        payload -> Nullable<Jsonb>,
        created_at -> Timestamptz,
        also_at -> Nullable<Array<Uuid>>,
        packed -> Nullable<Bytea>,
    }
}

diesel::table! {
    event_pending (id) {
        id -> Int8,
        event_ids -> Array<Int8>,
    }
}

diesel::table! {
    event_ranges (last) {
        last -> Int8,
        event_ids -> Array<Int8>,
    }
}

diesel::table! {
    event_head (id) {
        id -> Int4,
        position -> Int8,
        deleted_to -> Int8,
        deleted_before -> Timestamptz,
    }
}

diesel::table! {
    idempotency_keys (principal_id, key) {
        principal_id -> Uuid,
        key -> Text,
        fingerprint -> Bytea,
        permission -> Text,
        location_id -> Nullable<Uuid>,
        status -> Int2,
        body -> Text,
        location_header -> Nullable<Text>,
        version -> Nullable<Int8>,
        created_at -> Timestamptz,
        packed -> Nullable<Bytea>,
        created_id -> Nullable<Text>,
    }
}
