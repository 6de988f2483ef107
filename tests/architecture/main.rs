//! The house, checked: which module may import which, where I/O may stand, how long files may be, who owns a
//! migration. Runs in milliseconds, needs nothing. Each check is shown a fault that it must find.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod circles;
mod docs;
mod domain;
mod imports;
mod layout;
mod names;
mod schemas;
mod signatures;
mod words;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// module → what it may import, in order of dependency: each may use only those above it.
const MAP: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("platform", &["kernel"]),
    ("access", &["kernel", "platform"]),
    ("catalog", &["kernel", "platform"]),
    ("payments", &["kernel", "platform"]),
    ("inventory", &["kernel", "platform", "catalog"]),
    ("orders", &["kernel", "platform", "catalog", "inventory", "payments"]),
    ("search", &["kernel", "platform", "catalog", "inventory"]),
    ("bulk", &["kernel", "platform", "catalog", "inventory", "orders"]),
    ("graphql", &["kernel", "platform", "catalog", "inventory", "orders", "payments", "search"]),
    ("measured", &["kernel", "platform", "inventory"]),
    (
        "app",
        &["kernel", "platform", "access", "catalog", "payments", "inventory", "orders", "search", "bulk", "graphql"],
    ),
    ("commands", &["kernel", "platform", "access", "catalog", "inventory", "orders", "graphql", "app"]),
    ("main", &[]),
    ("lib", &[]),
];

/// crate → where it may stand, as parts of a path below src/.
const HOMES: &[(&str, &[&str])] = &[
    ("diesel", &["platform/", "/store", "/schema.rs"]),
    ("actix_web", &["platform/", "/http", "app.rs", "app/", "main.rs"]),
    ("async_graphql", &["graphql/"]),
];

const LONGEST_FILE: usize = 400;

type Sources = Vec<(PathBuf, String)>;

fn files(root: &str, ending: &str) -> Sources {
    let (mut found, mut folders) = (vec![], vec![PathBuf::from(root)]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                found.push((path.strip_prefix(root).unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn planted(path: &str, source: &str) -> Sources {
    vec![(PathBuf::from(path), source.to_owned())]
}

fn require_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn module_of(file: &Path) -> String {
    let first = file.iter().next().unwrap().to_str().unwrap();
    first.strip_suffix(".rs").unwrap_or(first).to_owned()
}

/// The modules named right after `crate::`, alone or in braces, each with its line.
fn imports(source: &str) -> Vec<(usize, String)> {
    let mut found = vec![];
    for (at, _) in source.match_indices("crate::") {
        let line = source[..at].lines().count().max(1);
        let rest = &source[at + "crate::".len()..];
        let heads = rest.strip_prefix('{').map_or_else(|| vec![rest], heads);
        found.extend(heads.into_iter().map(|head| (line, word(head))));
    }
    found
}

/// The beginnings of the items of a braced group.
fn heads(group: &str) -> Vec<&str> {
    let (mut depth, mut is_start, mut found) = (0, true, vec![]);
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => is_start = true,
            c if is_start && !c.is_whitespace() => {
                found.push(&group[at..]);
                is_start = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn forbidden_imports(sources: &Sources) -> Vec<String> {
    let map: BTreeMap<_, _> = MAP.iter().copied().collect();
    let mut faults = vec![];
    for (file, source) in sources {
        let module = module_of(file);
        let Some(allowed) = map.get(module.as_str()) else {
            faults.push(format!("src/{} belongs to no module of the map", file.display()));
            continue;
        };
        for (line, target) in imports(source) {
            if target != module && map.contains_key(target.as_str()) && !allowed.contains(&target.as_str()) {
                faults.push(format!("src/{}:{line} imports {target}", file.display()));
            }
        }
    }
    faults
}

fn strays(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        let path = file.to_string_lossy();
        for (name, homes) in HOMES {
            let is_home = homes.iter().any(|home| path.contains(home));
            let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            let uses =
                code.clone().any(|line| line.contains(&format!("{name}::")) || line.contains(&format!("use {name};")));
            if uses && !is_home {
                faults.push(format!("src/{path} uses {name}, whose homes are {}", homes.join(", ")));
            }
        }
    }
    faults
}

fn too_long(sources: &Sources) -> Vec<String> {
    let lengths = sources.iter().map(|(file, source)| (file, source.lines().count()));
    lengths.filter(|(_, n)| *n > LONGEST_FILE).map(|(file, n)| format!("{} has {n} lines", file.display())).collect()
}

fn without_heading(sources: &Sources) -> Vec<String> {
    let bare = sources.iter().filter(|(_, source)| !source.starts_with("//! "));
    bare.map(|(file, _)| format!("{} does not say why it exists", file.display())).collect()
}

fn bad_migrations(names: &[String]) -> Vec<String> {
    let owners: Vec<_> = MAP.iter().map(|(module, _)| *module).collect();
    let is_owned = |name: &String| {
        let owner = name.split('_').nth(1).unwrap_or_default();
        owners.contains(&owner) && name.split('_').count() >= 3
    };
    names
        .iter()
        .filter(|name| !is_owned(name))
        .map(|name| format!("migrations/{name} does not name its owner"))
        .collect()
}

/// Locks that would block foreign keys, messages that serialize commits, and SQL glued together.
fn bad_sql(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        let (text, path) = (source.to_lowercase(), file.display());
        if text.contains("for update") || (text.contains(".for_update()") && !file.starts_with("access")) {
            faults.push(format!("{path} locks more than `for no key update` does"));
        }
        if text.contains("pg_notify(") || text.lines().any(|line| line.trim_start().starts_with("notify ")) {
            faults.push(format!("{path} notifies inside a transaction"));
        }
        if text.contains("sql_query(format!") || text.contains("sql_query(&format!") {
            faults.push(format!("{path} glues SQL together"));
        }
    }
    faults
}

#[test]
fn modules_import_only_what_the_map_allows() {
    require_none(&forbidden_imports(&files("src", "rs")));
    assert_eq!(forbidden_imports(&planted("catalog/read.rs", "use crate::{kernel::Result, orders::Order};")).len(), 1);
    assert_eq!(forbidden_imports(&planted("kernel/page.rs", "fn a() { crate::platform::db::x() }")).len(), 1);
    assert_eq!(forbidden_imports(&planted("misc/page.rs", "")).len(), 1);
}

#[test]
fn the_map_has_no_cycles() {
    let rank: BTreeMap<_, _> = MAP.iter().enumerate().map(|(at, (module, _))| (*module, at)).collect();
    for (module, allowed) in MAP {
        for target in *allowed {
            assert!(rank[target] < rank[module], "{module} may import {target}, which comes after it");
        }
    }
}

#[test]
fn io_stays_in_its_files() {
    require_none(&strays(&files("src", "rs")));
    assert_eq!(strays(&planted("orders/place.rs", "use diesel::prelude::*;")).len(), 1);
    assert_eq!(strays(&planted("orders/rules.rs", "fn a(b: actix_web::HttpRequest) {}")).len(), 1);
    assert_eq!(strays(&planted("orders/read.rs", "use async_graphql::ID;")).len(), 1);
    assert!(strays(&planted("orders/store/reads.rs", "use diesel::prelude::*;")).is_empty());
}

#[test]
fn no_file_passes_400_lines() {
    require_none(&too_long(&files("src", "rs")));
    require_none(&too_long(&files("tests", "rs")));
    assert_eq!(too_long(&planted("orders/mod.rs", &"\n".repeat(401))).len(), 1);
}

#[test]
fn every_file_says_why_it_exists() {
    require_none(&without_heading(&files("src", "rs")));
    require_none(&without_heading(&files("tests", "rs")));
    assert_eq!(without_heading(&planted("orders/mod.rs", "mod place;")).len(), 1);
}

#[test]
fn every_migration_names_its_owner_and_can_be_undone() {
    let folders: Vec<_> =
        fs::read_dir("migrations").unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    let names: Vec<_> = folders.iter().map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    require_none(&bad_migrations(&names));
    assert!(folders.iter().all(|p| p.join("up.sql").is_file() && p.join("down.sql").is_file()));
    assert_eq!(bad_migrations(&["2026-11-25-000001_init".into(), "2026-11-25-000002_shop_init".into()]).len(), 2);
}

#[test]
fn sql_locks_no_more_than_it_must() {
    require_none(&bad_sql(&files("src", "rs")));
    require_none(&bad_sql(&files("src", "sql")));
    assert_eq!(bad_sql(&planted("inventory/sql/lock.sql", "select 1 from stock_levels for update")).len(), 1);
    assert_eq!(bad_sql(&planted("orders/sql/tell.sql", "select pg_notify('a', 'b')")).len(), 1);
    assert_eq!(bad_sql(&planted("orders/sql/tell.sql", "notify orders")).len(), 1);
    assert_eq!(bad_sql(&planted("orders/store.rs", "sql_query(format!(\"select {x}\"))")).len(), 1);
}

/// Which module owns which tables.
const OWNED: &[(&str, &[&str])] = &[
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
    ),
    ("catalog", &["products", "variants", "prices", "bundle_components"]),
    ("payments", &["payments", "payment_operations", "sandbox_intents", "sandbox_calls"]),
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
            "suppliers",
            "purchase_orders",
            "purchase_order_lines",
            "receipts",
            "receipt_lines",
            "stock_counts",
            "stock_count_lines",
        ],
    ),
    (
        "orders",
        &[
            "orders",
            "order_lines",
            "shipments",
            "sourcing_decisions",
            "rejections",
            "returns",
            "return_lines",
            "reaction_cases",
            "pickups",
            "shortfalls",
            "shipping_rates",
            "order_events",
        ],
    ),
    ("bulk", &["imports", "import_rows", "exports", "export_parts"]),
];

/// Tables by owner. A statement of one module that names another's table goes through its door instead; the audits and
/// seeds alone look across.
fn foreign_tables(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        let name = file.file_name().unwrap().to_string_lossy();
        if name.starts_with("audit") || name.starts_with("seed") {
            continue;
        }
        for (owner, tables) in OWNED.iter().filter(|(owner, _)| *owner != module_of(file)) {
            let names = |table: &&&str| {
                ["from", "join", "into", "update"].iter().any(|verb| {
                    source.contains(&format!("{verb} {table} ")) || source.contains(&format!("{verb} {table}\n"))
                })
            };
            faults.extend(
                tables
                    .iter()
                    .filter(names)
                    .map(|table| format!("{} names {table}, which {owner} owns", file.display())),
            );
        }
    }
    faults
}

#[test]
fn sql_names_only_the_tables_of_its_module() {
    require_none(&foreign_tables(&files("src", "sql")));
    assert_eq!(foreign_tables(&planted("orders/sql/list.sql", "select 1 from reservations as r")).len(), 1);
}

#[test]
fn the_entry_point_is_thin() {
    assert!(fs::read_to_string("src/main.rs").unwrap().lines().count() <= 60);
}

/// Routes without the gate, and handlers behind it that do not take the one who acts.
fn open_doors(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        let path = file.display();
        for verb in ["get", "post", "put", "patch", "delete", "route", "head", "options"] {
            for (at, _) in source.match_indices(&format!("#[{verb}(\"")) {
                let (attribute, rest) = source[at..].split_once(']').unwrap();
                if !attribute.ends_with("wrap = \"Gate\")") {
                    faults.push(format!("src/{path}: {attribute}] does not name the gate"));
                }
                let is_public = source[..at].rsplit("#[utoipa::path").next().unwrap().contains("json!(\"public\")");
                let parameters = rest.split("->").next().unwrap();
                let takers = ["Actor", "Change<", "RecordRead<", "RecordStep<"];
                let takes_actor = takers.iter().any(|taker| parameters.contains(taker));
                if !is_public && !takes_actor {
                    faults.push(format!("src/{path}: the handler of {attribute}] does not take the actor"));
                }
            }
        }
        for other in ["web::resource(", "web::scope(", ".route(\"", "web::get()"] {
            if source.contains(other) {
                faults.push(format!("src/{path} registers a route with {other}, past the gate"));
            }
        }
    }
    faults
}

#[test]
fn every_route_stands_behind_the_gate_and_takes_the_actor() {
    require_none(&open_doors(&files("src", "rs")));
    let route = |wrap: &str, permission: &str, actor: &str| {
        let attribute = format!("#[utoipa::path(extensions((\"x-permission\" = json!(\"{permission}\"))))]");
        planted("orders/http.rs", &format!("{attribute}\n#[get(\"/v1/a\"{wrap})]\npub async fn a({actor}) -> R {{"))
    };
    assert!(open_doors(&route(", wrap = \"Gate\"", "orders:read", "actor: Actor")).is_empty());
    assert!(open_doors(&route(", wrap = \"Gate\"", "public", "")).is_empty());
    assert_eq!(open_doors(&route("", "public", "")).len(), 1);
    assert_eq!(open_doors(&route(", wrap = \"Gate\"", "orders:read", "")).len(), 1);
    assert_eq!(open_doors(&planted("app.rs", "config.service(web::resource(\"/a\").to(b))")).len(), 1);
}
