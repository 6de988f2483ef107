//! The names of the document's schemas.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The Rust files of a folder and those below it, with what they hold.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = vec![];
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The names under which a file's types appear in the document: one for each type that derives a schema, and each list of
/// words.
fn schemas_of(text: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let name_after = |at: usize, starts: &[&str]| {
        let rest = lines.iter().skip(at + 1).find(|line| !line.starts_with("#[") && !line.starts_with("///"))?;
        let rest = rest.trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        let named = starts.iter().find_map(|start| rest.strip_prefix(start))?;
        named.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
    };
    let mut names = vec![];
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("#[derive(") && line.contains("ToSchema") {
            names.extend(name_after(at, &["struct ", "enum "]));
        }
        if *line == "crate::words! {" {
            names.extend(name_after(at, &[""]));
        }
    }
    names
}

#[test]
fn no_two_schemas_of_the_document_have_one_name() {
    let mut known = BTreeMap::new();
    let mut faults = vec![];
    for (file, text) in sources(Path::new("src")) {
        for name in schemas_of(&text) {
            if let Some(other) = known.insert(name.clone(), file.clone()) {
                faults.push(format!("{name} is a schema in {other:?} and in {file:?}"));
            }
        }
    }
    assert!(known.len() > 100, "the schemas are not found any more");
    assert!(faults.is_empty(), "one describes the other's bodies: {faults:?}");
    let planted = "#[derive(Debug, ToSchema)]\n/// Of.\npub struct Twice {\ncrate::words! {\n    /// Of.\n    Twice {";
    assert_eq!(schemas_of(planted), ["Twice", "Twice"]);
}
