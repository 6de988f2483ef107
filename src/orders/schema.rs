//! Written by tests/it/schema.rs from the migrated database: the tables that orders owns.
diesel::table! {
    orders (id) {
        id -> Uuid,
        number -> Int8,
        channel -> Text,
        currency -> Text,
        location_id -> Uuid,
        reservation_id -> Uuid,
        status -> Text,
        total_minor -> Int8,
        paid_minor -> Int8,
        refunded_minor -> Int8,
        customer -> Jsonb,
        placed_by -> Uuid,
        hold_expires_at -> Timestamptz,
        cancel_reason -> Nullable<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        also_from -> Array<Uuid>,
        authorized_minor -> Int8,
        credited_minor -> Int8,
        exchange_for -> Nullable<Uuid>,
        external_ref -> Nullable<Text>,
        is_pickup -> Bool,
        occurred_at -> Timestamptz,
        business_date -> Date,
        marks -> Array<Text>,
        sale_fingerprint -> Nullable<Bytea>,
        conflict_with -> Nullable<Uuid>,
        reviewed_at -> Nullable<Timestamptz>,
        shipping_minor -> Int8,
        shipping -> Nullable<Jsonb>,
    }
}

diesel::table! {
    order_lines (order_id, line_no) {
        order_id -> Uuid,
        line_no -> Int4,
        variant_id -> Uuid,
        sku -> Text,
        name -> Text,
        quantity -> Int4,
        unit_minor -> Int8,
        total_minor -> Int8,
        canceled -> Int4,
        returned -> Int4,
        parts -> Nullable<Jsonb>,
        returned_parts -> Nullable<Jsonb>,
        tax -> Nullable<Jsonb>,
        discount_minor -> Int8,
        discounts -> Nullable<Jsonb>,
        tax_included -> Bool,
    }
}

diesel::table! {
    order_events (order_id, version) {
        order_id -> Uuid,
        version -> Int8,
        event -> Text,
        actor_id -> Nullable<Uuid>,
        reason -> Nullable<Text>,
        at -> Timestamptz,
    }
}

diesel::table! {
    shipments (id) {
        id -> Uuid,
        order_id -> Uuid,
        location_id -> Uuid,
        carrier -> Nullable<Text>,
        tracking_number -> Nullable<Text>,
        shipped_at -> Timestamptz,
        delivered_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        units -> Jsonb,
        problem -> Nullable<Text>,
        problem_at -> Nullable<Timestamptz>,
        return_id -> Nullable<Uuid>,
        lines -> Jsonb,
    }
}

diesel::table! {
    sourcing_decisions (order_id, attempt) {
        order_id -> Uuid,
        attempt -> Int4,
        strategy -> Text,
        candidates -> Nullable<Jsonb>,
        parts -> Nullable<Jsonb>,
        reason -> Text,
        decided_at -> Timestamptz,
        wanted -> Nullable<Jsonb>,
        country -> Nullable<Text>,
        packed -> Nullable<Bytea>,
    }
}

diesel::table! {
    rejections (order_id, attempt) {
        order_id -> Uuid,
        attempt -> Int4,
        location_id -> Uuid,
        reason -> Text,
        note -> Nullable<Text>,
        actor_id -> Uuid,
        rejected_at -> Timestamptz,
    }
}

diesel::table! {
    returns (id) {
        id -> Uuid,
        number -> Text,
        order_id -> Uuid,
        status -> Text,
        location_id -> Nullable<Uuid>,
        is_returnless -> Bool,
        note -> Nullable<Text>,
        refund_minor -> Int8,
        withheld_minor -> Int8,
        goods -> Jsonb,
        inspection -> Jsonb,
        requested_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        rest_of -> Nullable<Uuid>,
        shipping_minor -> Int8,
        shipping_tax_minor -> Int8,
    }
}

diesel::table! {
    return_lines (return_id, line_no) {
        return_id -> Uuid,
        line_no -> Int4,
        quantity -> Int4,
        reason -> Text,
        unit_minor -> Int8,
        received -> Nullable<Int4>,
        components -> Nullable<Jsonb>,
        tax_minor -> Int8,
        worth_minor -> Nullable<Int8>,
    }
}

diesel::table! {
    reaction_cases (id) {
        id -> Uuid,
        return_id -> Uuid,
        order_id -> Uuid,
        variant_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        note -> Nullable<Text>,
        opened_by -> Uuid,
        opened_at -> Timestamptz,
    }
}

diesel::table! {
    pickups (order_id) {
        order_id -> Uuid,
        location_id -> Uuid,
        status -> Text,
        code -> Text,
        attempts -> Int4,
        ready_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    shortfalls (order_id, location_id) {
        order_id -> Uuid,
        location_id -> Uuid,
        raised_at -> Timestamptz,
        next_at -> Timestamptz,
    }
}

diesel::table! {
    shipping_rates (from_country, to_country) {
        from_country -> Text,
        to_country -> Text,
        parcel_minor -> Int8,
        unit_minor -> Int8,
    }
}

diesel::table! {
    quotes (id) {
        id -> Uuid,
        principal_id -> Uuid,
        quoted -> Jsonb,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}
