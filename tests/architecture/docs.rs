//! The documents, compared with what they tell of: files, settings, metrics and events that are named exist, and links
//! lead somewhere.
use super::{files, require_none};
use std::{fs, path::Path};

/// The documents that people read.
fn documents() -> Vec<(String, String)> {
    let names = ["README.md", "CONTRIBUTING.md", "docs/api.md", "docs/architecture.md", "docs/events.md"];
    let more = ["docs/glossary.md", "docs/operations.md", "docs/roles.md", "docs/speed.md"];
    names.iter().chain(&more).map(|name| ((*name).to_owned(), fs::read_to_string(name).unwrap())).collect()
}

/// The texts between backticks outside of blocks of code.
fn quoted(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

fn is_rust(word: &str) -> bool {
    Path::new(word).extension().is_some_and(|ending| ending == "rs")
}

/// Files of Rust that a document names and that are not there.
fn missing_files(name: &str, text: &str, paths: &[String]) -> Vec<String> {
    let named = quoted(text).into_iter().filter(|word| is_rust(word) && !word.contains([' ', '*', '<', '{']));
    let is_there = |word: &str| paths.iter().any(|path| path.ends_with(&format!("/{word}")));
    named.filter(|word| !is_there(word)).map(|word| format!("{name} names {word}, which is not there")).collect()
}

/// Settings that a document names and that `config/default.toml` does not have.
fn missing_settings(name: &str, text: &str, settings: &[String]) -> Vec<String> {
    let sections: Vec<_> = settings.iter().filter_map(|of| of.split_once('.').map(|(section, _)| section)).collect();
    let is_setting = |word: &str| {
        word.split_once('.').is_some_and(|(section, key)| {
            sections.contains(&section) && !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        })
    };
    let named = quoted(text).into_iter().filter(|word| is_setting(word) && !is_rust(word));
    named
        .filter(|word| !settings.iter().any(|of| of == word))
        .map(|word| format!("{name} names the setting {word}, which there is not"))
        .collect()
}

/// The settings of a file in TOML, as `section.key`.
fn settings_of(toml: &str) -> Vec<String> {
    let (mut section, mut found) = (String::new(), vec![]);
    for line in toml.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with('#')) {
            found.push(format!("{section}.{key}"));
        }
    }
    found
}

/// Links to files that are not there.
fn dead_links(name: &str, text: &str) -> Vec<String> {
    let folder = Path::new(name).parent().unwrap();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let local = targets.filter(|target| !target.is_empty() && !target.contains("://"));
    local
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{name} links to {target}, which is not there"))
        .collect()
}

#[test]
fn documents_name_files_settings_and_links_that_are_there() {
    let mut paths: Vec<String> = vec![];
    for root in ["src", "tests", "benches"] {
        paths.extend(files(root, "rs").iter().map(|(file, _)| format!("/{root}/{}", file.display())));
    }
    let settings = settings_of(&fs::read_to_string("config/default.toml").unwrap());
    for (name, text) in documents() {
        require_none(&missing_files(&name, &text, &paths));
        require_none(&missing_settings(&name, &text, &settings));
        require_none(&dead_links(&name, &text));
    }
    assert_eq!(missing_files("a.md", "see `orders/hand_in.rs`, `orders/rules.rs`", &paths).len(), 1);
    assert_eq!(missing_settings("a.md", "set `orders.holding` or `orders.hold_seconds`", &settings).len(), 1);
    assert_eq!(dead_links("docs/a.md", "[a](nowhere.md) [b](api.md#pages) [c](https://example.com)").len(), 1);
}

/// Metrics that are registered and that the document for operators does not name.
fn untold_metrics(source: &str, text: &str) -> Vec<String> {
    let names = source.split('"').skip(1).step_by(2);
    let is_metric = |word: &&str| {
        ["http_server_", "group_commit_", "database_", "holds_", "coffret_"].iter().any(|start| word.starts_with(start))
    };
    names.filter(is_metric).filter(|name| !text.contains(&format!("`{name}`"))).map(str::to_owned).collect()
}

#[test]
fn every_metric_is_told_to_operators() {
    let text = fs::read_to_string("docs/operations.md").unwrap();
    for (file, source) in files("src/platform/telemetry", "rs") {
        require_none(&untold_metrics(&source, &text));
        assert!(source.contains("//!"), "{}", file.display());
    }
    assert_eq!(untold_metrics("new(\"group_commit_novelties\", \"New ones\")", &text).len(), 1);
}

/// Examples of events that the document of events does not link.
fn untold_events(examples: &[String], text: &str) -> Vec<String> {
    examples.iter().filter(|name| !text.contains(&format!("(events/{name})"))).cloned().collect()
}

#[test]
fn every_event_is_told_to_consumers() {
    let text = fs::read_to_string("docs/events.md").unwrap();
    let examples: Vec<_> = files("docs/events", "json").iter().map(|(file, _)| file.display().to_string()).collect();
    assert!(examples.len() > 40);
    require_none(&untold_events(&examples, &text));
    assert_eq!(untold_events(&["orders.order_lost.v1.json".to_owned()], &text).len(), 1);
}
