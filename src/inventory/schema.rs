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
        latitude -> Nullable<Float8>,
        longitude -> Nullable<Float8>,
        ships_to -> Array<Text>,
        daily_orders -> Nullable<Int4>,
        closed_at -> Nullable<Timestamptz>,
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
        uncovered -> Int4,
        has_lots -> Bool,
        dated -> Nullable<Jsonb>,
        counted_at -> Nullable<Timestamptz>,
        costed -> Int4,
        average_cost -> Nullable<Int8>,
    }
}

diesel::table! {
    stock_moves (id, recorded_at) {
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
        lot_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        unit_cost -> Nullable<Int8>,
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
        is_replaced -> Bool,
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
        reservation_id -> Uuid,
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

diesel::table! {
    lots (id) {
        id -> Uuid,
        variant_id -> Uuid,
        code -> Text,
        made_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        pao_months -> Nullable<Int4>,
        supplier_id -> Nullable<Uuid>,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    lot_balances (location_id, variant_id, lot_id, condition) {
        location_id -> Uuid,
        variant_id -> Uuid,
        lot_id -> Uuid,
        condition -> Text,
        quantity -> Int4,
    }
}

diesel::table! {
    stock_months (month) {
        month -> Date,
        closed_at -> Timestamptz,
    }
}

diesel::table! {
    reasons (code) {
        code -> Text,
        name -> Text,
        direction -> Text,
        node -> Text,
        is_active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    transfers (id) {
        id -> Uuid,
        from_location_id -> Uuid,
        to_location_id -> Uuid,
        status -> Text,
        reference -> Nullable<Text>,
        expected_on -> Nullable<Date>,
        is_shipped_whole -> Bool,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        shipped_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        number -> Int8,
    }
}

diesel::table! {
    transfer_lines (transfer_id, variant_id) {
        transfer_id -> Uuid,
        variant_id -> Uuid,
        requested -> Int4,
        shipped -> Int4,
        received -> Int4,
        damaged -> Int4,
        lost -> Int4,
    }
}

diesel::table! {
    transfer_lots (transfer_id, lot_id) {
        transfer_id -> Uuid,
        lot_id -> Uuid,
        variant_id -> Uuid,
        shipped -> Int4,
        received -> Int4,
        damaged -> Int4,
        lost -> Int4,
    }
}

diesel::table! {
    stock_counts (id) {
        id -> Uuid,
        location_id -> Uuid,
        status -> Text,
        scope -> Text,
        is_blind -> Bool,
        started_by -> Uuid,
        submitted_by -> Nullable<Uuid>,
        approved_by -> Nullable<Uuid>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        number -> Int8,
    }
}

diesel::table! {
    stock_count_lines (id) {
        id -> Uuid,
        count_id -> Uuid,
        variant_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        at_start -> Int4,
        expected -> Nullable<Int4>,
        counted -> Nullable<Int4>,
        counted_at -> Nullable<Timestamptz>,
        counted_by -> Nullable<Uuid>,
    }
}

diesel::table! {
    set_apart_units (id) {
        id -> Uuid,
        location_id -> Uuid,
        variant_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        units -> Int4,
        since -> Timestamptz,
    }
}

diesel::table! {
    unmet_demand (id) {
        id -> Uuid,
        hour -> Timestamptz,
        variant_id -> Uuid,
        location_id -> Nullable<Uuid>,
        channel -> Nullable<Text>,
        requests -> Int8,
        units -> Int8,
    }
}

diesel::table! {
    cost_changes (id) {
        id -> Uuid,
        location_id -> Uuid,
        variant_id -> Uuid,
        units -> Int4,
        costed_before -> Int4,
        average_before -> Nullable<Int8>,
        average_after -> Int8,
        note -> Nullable<Text>,
        actor_id -> Uuid,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    cost_book (is_only) {
        is_only -> Bool,
        currency -> Text,
    }
}

diesel::table! {
    accepted_finds (order_id) {
        order_id -> Uuid,
        accepted_at -> Timestamptz,
    }
}
