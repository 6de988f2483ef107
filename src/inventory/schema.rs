//! Written by tests/it/schema.rs from the migrated database: the tables that inventory owns.
diesel::table! {
    locations (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        priority -> Int4,
        country -> Text,
        time_zone -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    stock_levels (location_id, variant_id) {
        location_id -> Uuid,
        variant_id -> Uuid,
        on_hand -> Int4,
        damaged -> Int4,
        quality_hold -> Int4,
        returned -> Int4,
        expired -> Int4,
        allocated -> Int4,
        reserved -> Int4,
        in_transit -> Int4,
        safety_stock -> Int4,
        reorder_threshold -> Int4,
        reorder_quantity -> Int4,
        backorder_limit -> Int4,
        version -> Int8,
    }
}

diesel::table! {
    stock_moves (id) {
        id -> Uuid,
        variant_id -> Uuid,
        quantity -> Int4,
        from_node -> Text,
        from_location_id -> Nullable<Uuid>,
        from_condition -> Text,
        to_node -> Text,
        to_location_id -> Nullable<Uuid>,
        to_condition -> Text,
        reason -> Text,
        cause_type -> Text,
        cause_id -> Uuid,
        actor_id -> Uuid,
        occurred_at -> Timestamptz,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    reservations (id) {
        id -> Uuid,
        location_id -> Uuid,
        status -> Text,
        reference -> Nullable<Text>,
        order_id -> Nullable<Uuid>,
        principal_id -> Uuid,
        expires_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    reservation_lines (reservation_id, variant_id) {
        reservation_id -> Uuid,
        variant_id -> Uuid,
        quantity -> Int4,
        level_version -> Int8,
    }
}

diesel::table! {
    allocations (id) {
        id -> Uuid,
        order_id -> Uuid,
        location_id -> Uuid,
        variant_id -> Uuid,
        quantity -> Int4,
        status -> Text,
        created_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    stock_days (day) {
        day -> Date,
        closed_at -> Timestamptz,
    }
}

diesel::table! {
    stock_closings (location_id, variant_id, day) {
        location_id -> Uuid,
        variant_id -> Uuid,
        day -> Date,
        on_hand -> Int4,
        damaged -> Int4,
        quality_hold -> Int4,
        returned -> Int4,
        expired -> Int4,
    }
}
