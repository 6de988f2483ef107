//! The border of HTTP: use cases decide typed outcomes; statuses, headers, paths and JSON belong to HTTP alone.
use super::{Sources, files, planted, require_none};
use std::path::Path;

/// Files that speak HTTP: routes, the platform, the composition root, gateways as clients, and the demo's own client.
fn speaks_http(file: &Path) -> bool {
    let path = file.to_string_lossy();
    let homes = ["platform/", "/http", "app.rs", "app/", "payments/gateways/", "commands/"];
    homes.iter().any(|home| path.contains(home) || path.starts_with(home.trim_start_matches('/')))
}

/// The code of a source: without comments and inline tests.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    (1..).zip(code.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn found(sources: &Sources, is_home: impl Fn(&Path) -> bool, words: &[&str], fault: &str) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources.iter().filter(|(file, _)| !is_home(file)) {
        for (no, line) in code(source) {
            for word in words.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("src/{}:{no} says {word}, {fault}", file.display()));
            }
        }
    }
    faults
}

fn http_in_use_cases(sources: &Sources) -> Vec<String> {
    let words = ["HttpResponse", "StatusCode", "IfMatch", "MustMatch", "StoredResponse", "\"/v1/"];
    found(sources, speaks_http, &words, "which belongs to HTTP")
}

/// A recorded outcome is read as a value by the platform; no one else looks into its JSON.
fn parsed_outcomes(sources: &Sources) -> Vec<String> {
    let is_home = |file: &Path| file.starts_with("platform/idempotency") || file.starts_with("platform/http");
    let words = [".body)", ".body ==", ".body.as_str()", "from_str(&recorded", "from_str(&outcome"];
    found(sources, |file| is_home(file) || speaks_http(file), &words, "which reads the JSON of an outcome")
}

/// A stored value that cannot be read is an error, never an empty value.
fn defaults_after_reading(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        let lines: Vec<_> = code(source).collect();
        for (at, (no, first)) in lines.iter().enumerate() {
            let statement: String = lines[at..].iter().take(3).map(|(_, line)| line.trim()).collect();
            let reads = ["serde_json::from_", "serde_json::to_", "toml::to_", "toml::from_"];
            let statement = statement.split(';').next().unwrap_or_default();
            let hides = statement.contains(".unwrap_or_default()");
            if hides && reads.iter().any(|word| first.contains(word)) {
                faults.push(format!("src/{}:{no} hides a value that cannot be read", file.display()));
            }
        }
    }
    faults
}

/// Rows are read by stores alone.
fn rows_outside_of_stores(sources: &Sources) -> Vec<String> {
    let is_home = |file: &Path| file.to_string_lossy().contains("/store") || file.starts_with("platform");
    found(sources, is_home, &["Queryable", "Insertable", "AsChangeset"], "which belongs to a store")
}

fn is_model(file: &Path) -> bool {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let is_in_one = file.parent().is_some_and(|folder| folder.ends_with("model"));
    is_in_one || ["model", "rules", "status", "classification"].contains(&name.as_str())
}

/// Methods of a model's type that stand elsewhere than in models and rules.
fn scattered_methods(sources: &Sources) -> Vec<String> {
    let kinds = ["pub struct ", "pub enum ", "pub(super) struct ", "pub(super) enum ", "struct ", "enum "];
    let name_of = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    let defined = |source: &str| -> Vec<String> {
        source.lines().filter_map(|line| kinds.iter().find_map(|kind| line.strip_prefix(kind))).map(name_of).collect()
    };
    let models = sources.iter().filter(|(file, _)| is_model(file) && !file.ends_with("rules.rs"));
    let names: Vec<_> = models.flat_map(|(_, source)| defined(source)).collect();
    let elsewhere = sources.iter().filter(|(file, _)| !is_model(file) && !file.starts_with("graphql"));
    let mut faults = vec![];
    for (file, source) in elsewhere {
        let own = defined(source);
        for line in source.lines().filter_map(|line| line.strip_prefix("impl ")) {
            let name = name_of(line);
            if names.contains(&name) && !own.contains(&name) && !line.contains(" for ") {
                faults.push(format!("src/{} adds methods to {name}, which a model defines", file.display()));
            }
        }
    }
    faults
}

#[test]
fn methods_of_models_stand_in_models_and_rules() {
    require_none(&scattered_methods(&files("src", "rs")));
    let both = |path: &str, source: &str| {
        let mut sources = planted("orders/model.rs", "pub struct Customer {");
        sources.extend(planted(path, source));
        scattered_methods(&sources).len()
    };
    assert_eq!(both("orders/placing/place.rs", "impl Customer {"), 1);
    assert_eq!(both("orders/placing/place.rs", "impl From<A> for Customer {"), 0);
    assert_eq!(both("orders/rules.rs", "impl Customer {"), 0);
}

#[test]
fn use_cases_do_not_speak_http() {
    require_none(&http_in_use_cases(&files("src", "rs")));
    assert_eq!(
        http_in_use_cases(&planted("orders/placing/place.rs", "let path = format!(\"/v1/orders/{id}\");")).len(),
        1
    );
    assert_eq!(http_in_use_cases(&planted("orders/editing/edit.rs", "fn a(if_match: IfMatch) {}")).len(), 1);
    assert!(http_in_use_cases(&planted("orders/editing/http.rs", "fn a(if_match: IfMatch) {}")).is_empty());
}

#[test]
fn no_one_reads_the_json_of_an_outcome() {
    require_none(&parsed_outcomes(&files("src", "rs")));
    let parsed = "let said: Said = serde_json::from_str(&answer.body)?;";
    assert_eq!(parsed_outcomes(&planted("orders/payment/authorize.rs", parsed)).len(), 1);
    assert_eq!(parsed_outcomes(&planted("orders/reject.rs", "Ok(answer.body == \"true\")")).len(), 1);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    require_none(&defaults_after_reading(&files("src", "rs")));
    let hidden = "let lines = serde_json::from_value(row.lines)\n    .unwrap_or_default();";
    assert_eq!(defaults_after_reading(&planted("orders/store/rows.rs", hidden)).len(), 1);
    let told = "let lines = serde_json::from_value(row.lines)?;\nlet units = line.units.unwrap_or_default();";
    assert!(defaults_after_reading(&planted("orders/store/rows.rs", told)).is_empty());
}

#[test]
fn rows_are_derived_in_stores_alone() {
    require_none(&rows_outside_of_stores(&files("src", "rs")));
    assert_eq!(rows_outside_of_stores(&planted("orders/model.rs", "#[derive(Queryable)]")).len(), 1);
    assert!(rows_outside_of_stores(&planted("orders/store/rows.rs", "#[derive(Queryable)]")).is_empty());
}
