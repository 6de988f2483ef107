//! Written by tests/it/schema.rs from the migrated database: the tables that catalog owns.
diesel::table! {
    products (id) {
        id -> Uuid,
        name -> Text,
        brand -> Nullable<Text>,
        description -> Nullable<Text>,
        category -> Text,
        inci -> Nullable<Text>,
        pao_months -> Nullable<Int4>,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    variants (id) {
        id -> Uuid,
        product_id -> Uuid,
        sku -> Text,
        gtin -> Nullable<Text>,
        shade -> Nullable<Text>,
        size -> Nullable<Text>,
        status -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        lot_control -> Text,
        shade_code -> Nullable<Text>,
        shade_family -> Nullable<Text>,
        undertone -> Nullable<Text>,
        swatch -> Nullable<Text>,
        weight_grams -> Nullable<Int4>,
        shelf_life_days -> Nullable<Int4>,
        dangerous_goods -> Nullable<Text>,
        hs_code -> Nullable<Text>,
        purpose -> Text,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    prices (variant_id, channel, currency) {
        variant_id -> Uuid,
        channel -> Text,
        currency -> Text,
        amount_minor -> Int8,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    bundle_components (bundle_id, component_id) {
        bundle_id -> Uuid,
        component_id -> Uuid,
        quantity -> Int4,
    }
}

diesel::allow_tables_to_appear_in_same_query!(products, variants);
