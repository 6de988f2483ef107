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
        brand_id -> Nullable<Uuid>,
        category_id -> Nullable<Uuid>,
        slug -> Nullable<Text>,
        tax_class -> Text,
        publications -> Nullable<Jsonb>,
        attributes -> Jsonb,
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
        offer_version -> Int8,
        sum_discount_ppm -> Nullable<Int4>,
        choices -> Nullable<Jsonb>,
    }
}

diesel::table! {
    prices (variant_id, channel, currency) {
        variant_id -> Uuid,
        channel -> Text,
        currency -> Text,
        amount_minor -> Int8,
        updated_at -> Timestamptz,
        compare_at_minor -> Nullable<Int8>,
    }
}

diesel::table! {
    catalog_groups (id) {
        id -> Uuid,
        kind -> Text,
        parent_id -> Nullable<Uuid>,
        root -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        slug -> Text,
        description -> Nullable<Text>,
        position -> Int4,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    attribute_definitions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        category -> Nullable<Text>,
        category_id -> Nullable<Uuid>,
        unit -> Nullable<Text>,
        options -> Jsonb,
        minimum -> Nullable<Float8>,
        maximum -> Nullable<Float8>,
        is_required -> Bool,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    group_products (group_id, product_id) {
        group_id -> Uuid,
        product_id -> Uuid,
        position -> Int4,
    }
}

diesel::table! {
    product_media (id) {
        id -> Uuid,
        product_id -> Uuid,
        variant_id -> Nullable<Uuid>,
        kind -> Text,
        url -> Text,
        alt -> Nullable<Text>,
        position -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    product_translations (product_id, language) {
        product_id -> Uuid,
        language -> Text,
        name -> Text,
        description -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    price_changes (id) {
        id -> Int8,
        variant_id -> Uuid,
        channel -> Text,
        currency -> Text,
        amount_before -> Nullable<Int8>,
        amount_after -> Nullable<Int8>,
        changed_by -> Nullable<Uuid>,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    price_lists (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        currency -> Text,
        applies_to -> Jsonb,
        priority -> Int4,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        tax_included -> Bool,
    }
}

diesel::table! {
    list_prices (id) {
        id -> Uuid,
        price_list_id -> Uuid,
        variant_id -> Uuid,
        min_quantity -> Int4,
        amount_minor -> Int8,
        compare_at_minor -> Nullable<Int8>,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        ended_by -> Nullable<Uuid>,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    tax_rates (id) {
        id -> Uuid,
        country -> Text,
        region -> Nullable<Text>,
        tax_class -> Text,
        name -> Text,
        rate_ppm -> Int4,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    promotions (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        currency -> Text,
        applies_to -> Jsonb,
        target -> Jsonb,
        benefit -> Jsonb,
        min_spend_minor -> Nullable<Int8>,
        needs_coupon -> Bool,
        is_exclusive -> Bool,
        priority -> Int4,
        starts_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        max_uses -> Nullable<Int8>,
        max_uses_per_customer -> Nullable<Int4>,
        budget_minor -> Nullable<Int8>,
        used_count -> Int8,
        spent_minor -> Int8,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    coupons (id) {
        id -> Uuid,
        promotion_id -> Uuid,
        code -> Text,
        max_uses -> Nullable<Int8>,
        used_count -> Int8,
        disabled_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    promotion_redemptions (promotion_id, order_id) {
        order_id -> Uuid,
        promotion_id -> Uuid,
        coupon_id -> Nullable<Uuid>,
        customer -> Nullable<Bytea>,
        amount_minor -> Int8,
        redeemed_at -> Timestamptz,
        released_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    shipping_methods (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        currency -> Text,
        channels -> Jsonb,
        zones -> Jsonb,
        carries_dangerous_goods -> Bool,
        tax_class -> Text,
        refund_rate_ppm -> Int4,
        is_default -> Bool,
        min_days -> Nullable<Int4>,
        max_days -> Nullable<Int4>,
        retired_at -> Nullable<Timestamptz>,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
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

diesel::table! {
    product_documents (product_id) {
        product_id -> Uuid,
        document -> Text,
    }
}

diesel::table! {
    product_facts (product_id) {
        product_id -> Uuid,
        facts -> Jsonb,
        popularity -> Int8,
        revision -> Int8,
    }
}

diesel::table! {
    document_words (word) {
        word -> Text,
    }
}

diesel::table! {
    stale_documents (id) {
        id -> Int8,
        product_id -> Uuid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(products, variants, list_prices);
