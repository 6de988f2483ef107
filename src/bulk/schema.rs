//! Written by tests/it/schema.rs from the migrated database: the tables that bulk owns.
diesel::table! {
    imports (id) {
        id -> Uuid,
        kind -> Text,
        status -> Text,
        rows -> Int4,
        done -> Int4,
        failed -> Int4,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        dry_run -> Bool,
        ignored_columns -> Array<Text>,
        skipped -> Int4,
        through -> Int4,
    }
}

diesel::table! {
    import_rows (import_id, row_no) {
        import_id -> Uuid,
        row_no -> Int4,
        line -> Text,
        status -> Text,
        code -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    exports (id) {
        id -> Uuid,
        kind -> Text,
        format -> Text,
        filter -> Jsonb,
        status -> Text,
        rows -> Int8,
        bytes -> Int8,
        parts -> Int4,
        cursor -> Nullable<Text>,
        detail -> Nullable<Text>,
        places -> Nullable<Array<Uuid>>,
        costs -> Nullable<Array<Uuid>>,
        tries -> Int4,
        created_by -> Uuid,
        version -> Int8,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    export_parts (export_id, part_no) {
        export_id -> Uuid,
        part_no -> Int4,
        content -> Text,
    }
}
