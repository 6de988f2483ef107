//! Written by tests/it/schema.rs from the migrated database: the tables that payments owns.
diesel::table! {
    payments (id) {
        id -> Uuid,
        order_id -> Uuid,
        location_id -> Uuid,
        gateway -> Text,
        status -> Text,
        currency -> Text,
        authorized_minor -> Int8,
        captured_minor -> Int8,
        refunded_minor -> Int8,
        reference -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        asked_capture_minor -> Int8,
        asked_refund_minor -> Int8,
        is_released -> Bool,
        is_single_capture -> Bool,
        method -> Nullable<Text>,
        gateway_ref -> Nullable<Text>,
        action -> Nullable<Text>,
        failure -> Nullable<Text>,
        is_extra -> Bool,
        tender -> Nullable<Jsonb>,
        taken_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    payment_operations (id) {
        id -> Uuid,
        payment_id -> Uuid,
        order_id -> Uuid,
        kind -> Text,
        amount_minor -> Int8,
        is_final -> Bool,
        state -> Text,
        attempts -> Int4,
        next_at -> Timestamptz,
        gateway_ref -> Nullable<Text>,
        failure -> Nullable<Text>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    sandbox_intents (id) {
        id -> Uuid,
        method -> Text,
        currency -> Text,
        status -> Text,
        authorized_minor -> Int8,
        captured_minor -> Int8,
        refunded_minor -> Int8,
    }
}

diesel::table! {
    sandbox_calls (key) {
        key -> Uuid,
        intent_id -> Uuid,
        kind -> Text,
        amount_minor -> Int8,
        answer -> Text,
        calls -> Int4,
    }
}

diesel::table! {
    gift_cards (id) {
        id -> Uuid,
        code_digest -> Bytea,
        last_letters -> Text,
        currency -> Text,
        balance_minor -> Int8,
        held_minor -> Int8,
        expires_at -> Nullable<Timestamptz>,
        disabled_at -> Nullable<Timestamptz>,
        note -> Nullable<Text>,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    gift_card_moves (id) {
        id -> Uuid,
        gift_card_id -> Uuid,
        kind -> Text,
        amount_minor -> Int8,
        held_minor -> Int8,
        payment_id -> Nullable<Uuid>,
        order_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        actor_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}
