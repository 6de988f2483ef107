//! Written by tests/it/schema.rs from the migrated database: the tables that access owns.
diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<Timestamptz>,
        tokens_valid_from -> Timestamptz,
        created_at -> Timestamptz,
        version -> Int8,
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    grants (id) {
        id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        location_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        starts_at -> Nullable<Timestamptz>,
        ends_at -> Nullable<Timestamptz>,
        is_group -> Bool,
    }
}

diesel::table! {
    roles (code) {
        code -> Text,
        name -> Text,
        permissions -> Array<Text>,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    location_groups (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    location_group_members (group_id, location_id) {
        group_id -> Uuid,
        location_id -> Uuid,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        family_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        successor_nonce -> Nullable<Bytea>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        user_id -> Uuid,
        started_at -> Timestamptz,
        last_used_at -> Timestamptz,
        expires_at -> Timestamptz,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        ended_at -> Nullable<Timestamptz>,
        token_expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    user_links (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        expires_at -> Timestamptz,
        created_by -> Uuid,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Uuid,
        name -> Text,
        permissions -> Array<Text>,
        location_ids -> Nullable<Array<Uuid>>,
        location_group_id -> Nullable<Uuid>,
        channel -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        revoked_by -> Nullable<Uuid>,
        version -> Int8,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    api_key_secrets (id) {
        id -> Uuid,
        api_key_id -> Uuid,
        digest -> Bytea,
        prefix -> Text,
        created_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, grants, roles, location_group_members, api_keys, api_key_secrets);
