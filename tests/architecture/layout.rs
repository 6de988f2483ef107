//! The layout of the tree: the size of folders, the width of lines, the home of statements.
use super::{Sources, files, planted, require_none};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

const WIDEST_LINE: usize = 120;
const MOST_IN_A_MODULE: usize = 15;
const MOST_IN_A_FOLDER: usize = 12;

fn too_wide(root: &str, sources: &Sources) -> Vec<String> {
    let wide = |line: &str| line.chars().count() > WIDEST_LINE;
    let faults = sources.iter().flat_map(|(file, source)| {
        let lines = source.lines().enumerate().filter(move |(_, line)| wide(line));
        lines
            .map(move |(at, line)| format!("{root}/{}:{} has {} columns", file.display(), at + 1, line.chars().count()))
    });
    faults.collect()
}

fn crowded(sources: &Sources) -> Vec<String> {
    let mut counts = BTreeMap::<&Path, usize>::new();
    for (file, _) in sources {
        *counts.entry(file.parent().unwrap()).or_default() += 1;
    }
    let most = |folder: &Path| if folder.iter().count() == 1 { MOST_IN_A_MODULE } else { MOST_IN_A_FOLDER };
    counts
        .into_iter()
        .filter(|(folder, count)| *count > most(folder))
        .map(|(folder, count)| format!("src/{} holds {count} files", folder.display()))
        .collect()
}

/// Statements stand in a folder `sql` beside the store that runs them, and say what they are for.
fn homeless(statements: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in statements {
        if file.parent().and_then(Path::file_name).is_none_or(|folder| folder != "sql") {
            faults.push(format!("src/{} lies in no folder sql", file.display()));
        }
        if !source.starts_with("-- ") {
            faults.push(format!("src/{} has no heading", file.display()));
        }
    }
    faults
}

#[test]
fn no_line_passes_120_columns() {
    for root in ["src", "tests", "benches"] {
        require_none(&too_wide(root, &files(root, "rs")));
    }
    assert_eq!(too_wide("src", &planted("orders/http.rs", &format!("#[utoipa::path({})]", "é".repeat(105)))).len(), 1);
    assert!(too_wide("src", &planted("orders/http.rs", &"é".repeat(120))).is_empty());
}

#[test]
fn no_folder_is_crowded() {
    require_none(&crowded(&files("src", "rs")));
    let many = |folder: &str, count: usize| -> Sources {
        (0..count).map(|n| (PathBuf::from(format!("{folder}/f{n}.rs")), String::new())).collect()
    };
    assert!(crowded(&many("orders", 15)).is_empty() && crowded(&many("orders/returns", 12)).is_empty());
    assert_eq!(crowded(&many("orders", 16)).len(), 1);
    assert_eq!(crowded(&many("orders/returns", 13)).len(), 1);
}

#[test]
fn every_statement_has_a_heading_and_lies_beside_its_store() {
    require_none(&homeless(&files("src", "sql")));
    assert_eq!(homeless(&planted("orders/store/insert.sql", "insert into orders")).len(), 2);
    assert!(homeless(&planted("orders/sql/insert.sql", "-- Adds orders.\ninsert into orders")).is_empty());
}
