//! Defaults, file and environment laid over one another. An override must name a known setting and have the
//! default's type, so that every fault can be listed at once, with its place.
use std::{fs, path::Path};
use toml::{Table, Value};

/// The documented defaults, compiled in.
const DEFAULTS: &str = include_str!("../../../config/default.toml");

const PREFIX: &str = "COFFRET_";

/// The merged table and the faults met on the way.
pub fn merge(file: Option<&Path>, env: &[(String, String)]) -> (Table, Vec<String>) {
    let mut faults = vec![];
    let mut table = DEFAULTS.parse::<Table>().unwrap_or_else(|error| {
        faults.push(format!("the built-in defaults: {}", error.message()));
        Table::new()
    });
    if let Some(path) = file {
        match read(path) {
            Ok(over) => lay_over(&mut table, over, "", &path.display().to_string(), &mut faults),
            Err(fault) => faults.push(fault),
        }
    }
    for (name, value) in env {
        if let Some(path) = setting_of(name) {
            set(&mut table, name, &path, value, &mut faults);
        }
    }
    (table, faults)
}

fn read(path: &Path) -> Result<Table, String> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    text.parse().map_err(|e: toml::de::Error| format!("{}: {}", path.display(), e.message()))
}

fn lay_over(base: &mut Table, over: Table, at: &str, source: &str, faults: &mut Vec<String>) {
    for (key, value) in over {
        let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
        match (base.get_mut(&key), value) {
            (None, _) => faults.push(format!("{source}: there is no setting {path}")),
            (Some(Value::Table(inner)), Value::Table(more)) => lay_over(inner, more, &path, source, faults),
            (Some(old), new) if old.type_str() == new.type_str() => *old = new,
            (Some(old), new) => faults.push(format!(
                "{source}: {path} must be {} {}, not {}",
                article(old.type_str()),
                old.type_str(),
                new.type_str()
            )),
        }
    }
}

/// `COFFRET_SERVER__BIND` → `["server", "bind"]`; names without a section are settings only if known, so that
/// a shell which has sourced `demo.env` can still start the program.
fn setting_of(name: &str) -> Option<Vec<String>> {
    let rest = name.strip_prefix(PREFIX)?;
    let path: Vec<_> = rest.split("__").map(str::to_lowercase).collect();
    let top_level = matches!(rest, "ENVIRONMENT" | "DATA_DIR");
    (path.len() > 1 || top_level).then_some(path)
}

fn set(table: &mut Table, name: &str, path: &[String], text: &str, faults: &mut Vec<String>) {
    let Some((key, sections)) = path.split_last() else { return };
    let section =
        sections.iter().try_fold(&mut *table, |table, part| table.get_mut(part).and_then(Value::as_table_mut));
    let Some(section) = section else {
        faults.push(format!("{name}: there is no section {}", sections.join(".")));
        return;
    };
    let file_of = key.strip_suffix("_file").filter(|_| !section.contains_key(key));
    let (key, text) = match file_of {
        None => (key.as_str(), text.to_owned()),
        Some(plain) => match fs::read_to_string(text) {
            Ok(content) => (plain, content.trim_end().to_owned()),
            Err(error) => return faults.push(format!("{name}: the file it names cannot be read: {error}")),
        },
    };
    let Some(old) = section.get_mut(key) else {
        faults.push(format!("{name}: there is no setting {}", path.join(".")));
        return;
    };
    let new = match old {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        _ => Some(Value::String(text)),
    };
    match new {
        Some(new) => *old = new,
        None => faults.push(format!("{name} must be {} {}", article(old.type_str()), old.type_str())),
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
