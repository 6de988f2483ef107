//! Written by tests/it/schema.rs from the migrated database: the tables that inventory::purchasing owns.
diesel::table! {
    supplier_items (supplier_id, variant_id) {
        supplier_id -> Uuid,
        variant_id -> Uuid,
        supplier_sku -> Nullable<Text>,
        pack_size -> Int4,
        minimum_units -> Int4,
        lead_days -> Nullable<Int4>,
        unit_cost_minor -> Nullable<Int8>,
        currency -> Nullable<Text>,
        is_preferred -> Bool,
        is_active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    suppliers (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        lead_days -> Int4,
        minimum_units -> Int4,
        is_active -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    purchase_orders (id) {
        id -> Uuid,
        supplier_id -> Uuid,
        location_id -> Uuid,
        status -> Text,
        reference -> Nullable<Text>,
        expected_on -> Nullable<Date>,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        ordered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        number -> Int8,
        currency -> Nullable<Text>,
        exchange_rate -> Nullable<Int8>,
    }
}

diesel::table! {
    purchase_order_lines (purchase_order_id, variant_id) {
        purchase_order_id -> Uuid,
        variant_id -> Uuid,
        ordered -> Int4,
        received -> Int4,
        rejected -> Int4,
        unit_cost_minor -> Nullable<Int8>,
    }
}

diesel::table! {
    receipts (id) {
        id -> Uuid,
        location_id -> Uuid,
        purchase_order_id -> Nullable<Uuid>,
        supplier_id -> Nullable<Uuid>,
        reference -> Nullable<Text>,
        received_by -> Uuid,
        created_at -> Timestamptz,
        currency -> Nullable<Text>,
        exchange_rate -> Nullable<Int8>,
    }
}

diesel::table! {
    receipt_lines (receipt_id, line_no) {
        receipt_id -> Uuid,
        line_no -> Int4,
        variant_id -> Uuid,
        lot_id -> Nullable<Uuid>,
        accepted -> Int4,
        rejected -> Int4,
        condition -> Text,
        unit_cost_minor -> Nullable<Int8>,
    }
}
