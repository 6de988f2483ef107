//! The tables as the code knows them are written from the migrated database, module by module.
use crate::support::database::TestDatabase;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use std::fmt::Write;

/// Module, its tables, and those of them that are read in one query.
const OWNED: &[(&str, &[&str], &[&str])] = &[
    ("platform", &["outbox_events", "event_pending", "event_ranges", "event_head", "idempotency_keys"], &[]),
    (
        "access",
        &[
            "users",
            "grants",
            "roles",
            "location_groups",
            "location_group_members",
            "refresh_tokens",
            "sessions",
            "user_links",
            "api_keys",
            "api_key_secrets",
        ],
        &["users", "grants", "roles", "location_group_members", "api_keys", "api_key_secrets"],
    ),
    (
        "catalog",
        &[
            "products",
            "variants",
            "prices",
            "catalog_groups",
            "attribute_definitions",
            "group_products",
            "product_media",
            "product_translations",
            "price_changes",
            "price_lists",
            "list_prices",
            "tax_rates",
            "promotions",
            "coupons",
            "promotion_redemptions",
            "shipping_methods",
            "bundle_components",
            "product_documents",
            "product_facts",
            "document_words",
            "stale_documents",
        ],
        &["products", "variants", "list_prices"],
    ),
    (
        "payments",
        &["payments", "payment_operations", "sandbox_intents", "sandbox_calls", "gift_cards", "gift_card_moves"],
        &[],
    ),
    (
        "inventory",
        &[
            "locations",
            "stock_levels",
            "stock_moves",
            "reservations",
            "reservation_lines",
            "allocations",
            "stock_days",
            "stock_closings",
            "lots",
            "lot_balances",
            "stock_months",
            "reasons",
            "transfers",
            "transfer_lines",
            "transfer_lots",
            "stock_counts",
            "stock_count_lines",
            "set_apart_units",
            "unmet_demand",
            "cost_changes",
            "cost_book",
            "accepted_finds",
        ],
        &[],
    ),
    (
        "inventory/purchasing",
        &["supplier_items", "suppliers", "purchase_orders", "purchase_order_lines", "receipts", "receipt_lines"],
        &[],
    ),
    (
        "orders",
        &[
            "orders",
            "order_lines",
            "order_events",
            "shipments",
            "sourcing_decisions",
            "rejections",
            "returns",
            "return_lines",
            "reaction_cases",
            "pickups",
            "shortfalls",
            "shipping_rates",
            "quotes",
        ],
        &[],
    ),
    ("bulk", &["imports", "import_rows", "exports", "export_parts"], &[]),
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The answers of a query of one text column named `line`.
fn lines(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Line>(conn).unwrap().into_iter().map(|row| row.line).collect()
}

fn table(conn: &mut PgConnection, name: &str) -> String {
    let keys = lines(
        conn,
        &format!(
            "select a.attname::text as line from pg_index as i \
             join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey) \
             where i.indrelid = '{name}'::regclass and i.indisprimary \
             order by array_position(i.indkey::int2[], a.attnum)"
        ),
    );
    let columns = lines(
        conn,
        &format!(
            "select column_name || ' ' || is_nullable || ' ' || udt_name as line from information_schema.columns \
             where table_name = '{name}' order by ordinal_position"
        ),
    );
    let mut text = format!("diesel::table! {{\n    {name} ({}) {{\n", keys.join(", "));
    for column in columns {
        let parts: Vec<_> = column.split(' ').collect();
        let kind = match parts[2] {
            "uuid" => "Uuid",
            // A document of words is written and looked into, never read.
            "text" | "tsvector" => "Text",
            "int2" => "Int2",
            "int4" => "Int4",
            "int8" => "Int8",
            "float8" => "Float8",
            "_text" => "Array<Text>",
            "bytea" => "Bytea",
            "jsonb" => "Jsonb",
            "timestamptz" => "Timestamptz",
            "date" => "Date",
            "bool" => "Bool",
            "_int8" => "Array<Int8>",
            "_uuid" => "Array<Uuid>",
            other => panic!("{name}.{} has the type {other}, which is not known here", parts[0]),
        };
        let kind = if parts[1] == "YES" { format!("Nullable<{kind}>") } else { kind.to_owned() };
        writeln!(text, "        {} -> {kind},", parts[0]).unwrap();
    }
    text + "    }\n}\n"
}

#[test]
fn the_tables_in_the_code_are_those_of_the_database() {
    let database = TestDatabase::create();
    let mut conn = PgConnection::establish(&database.url).unwrap();
    let mut changed = vec![];
    for (module, tables, together) in OWNED {
        let mut text = format!(
            "//! Written by tests/it/schema.rs from the migrated database: the tables that {} owns.\n",
            module.replace('/', "::")
        );
        text += &tables.iter().map(|name| table(&mut conn, name)).collect::<Vec<_>>().join("\n");
        if !together.is_empty() {
            writeln!(text, "\ndiesel::allow_tables_to_appear_in_same_query!({});", together.join(", ")).unwrap();
        }
        let file = format!("src/{module}/schema.rs");
        if std::fs::read_to_string(&file).unwrap_or_default() != text {
            std::fs::write(&file, text).unwrap();
            changed.push(file);
        }
    }
    assert!(changed.is_empty(), "written anew, look at the difference and commit it: {}", changed.join(", "));
}

#[test]
fn every_table_has_its_module() {
    let database = TestDatabase::create();
    let mut conn = PgConnection::establish(&database.url).unwrap();
    let all = lines(
        &mut conn,
        "select c.relname::text as line from pg_class as c where c.relkind in ('r', 'p') and not c.relispartition \
         and c.relnamespace = 'public'::regnamespace and c.relname <> '__diesel_schema_migrations' order by 1",
    );
    let mut owned: Vec<_> = OWNED.iter().flat_map(|(_, tables, _)| *tables).map(|name| (*name).to_owned()).collect();
    owned.sort();
    assert_eq!(all, owned);
}
