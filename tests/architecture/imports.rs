//! The imports inside a module: a file names the file that defines an item, never the door of its own module, which is
//! for others.
use super::{Sources, files, planted, require_none};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path},
};

/// The paths that the `use` items of a source name, each with its visibility; without those in inline modules.
pub fn uses(source: &str) -> Vec<(bool, Vec<String>)> {
    let mut found = vec![];
    let starts = source.match_indices("use ").filter(|(at, _)| {
        let line = source[..*at].rsplit('\n').next().unwrap_or_default();
        line.is_empty() || line == "pub "
    });
    for (at, _) in starts {
        let is_public = source[..at].ends_with("pub ");
        let item = source[at + "use ".len()..].split(';').next().unwrap_or_default();
        let mut paths = vec![];
        expand(item, &[], &mut paths);
        found.extend(paths.into_iter().map(|path| (is_public, path)));
    }
    found
}

/// The single paths of a tree of imports.
fn expand(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    if let Some(group) = tree.strip_prefix('{') {
        let (mut depth, mut start) = (0, 0);
        let group = group.strip_suffix('}').unwrap_or(group);
        for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    if !group[start..at].trim().is_empty() {
                        expand(&group[start..at], before, found);
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (head, rest) = tree.split_once("::").map_or((tree, None), |(head, rest)| (head, Some(rest)));
    let name = head.split(" as ").next().unwrap_or_default().trim().to_owned();
    let mut path = before.to_vec();
    if name != "self" || before.is_empty() {
        path.push(name);
    }
    match rest {
        Some(rest) => expand(rest, &path, found),
        None => found.push(path),
    }
}

/// The path of the module that a file holds.
pub fn module_path(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    let names = parts.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names.filter(|name| !["mod", "lib"].contains(name)).map(str::to_owned).collect()
}

/// A path as it reads from the root of the crate; none of another crate's.
pub fn from_the_root(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let base = match path.first()?.as_str() {
        "crate" => return Some(path[1..].to_vec()),
        "super" => module.len().checked_sub(supers).map(|kept| module[..kept].to_vec())?,
        "self" => return Some([module, &path[1..]].concat()),
        _ => return None,
    };
    Some([&base, &path[supers..]].concat())
}

/// The names that each module exports from a file of its own.
fn doors(sources: &Sources) -> BTreeMap<Vec<String>, Vec<String>> {
    let doors = sources.iter().filter(|(file, _)| file.ends_with("mod.rs"));
    doors
        .map(|(file, source)| {
            let exported = uses(source).into_iter().filter(|(is_public, _)| *is_public);
            (module_path(file), exported.filter_map(|(_, path)| path.last().cloned()).collect())
        })
        .collect()
}

/// Files of a module that import through its door, or through the door of the part of it in which they are.
fn own_doors(sources: &Sources) -> Vec<String> {
    let modules: BTreeSet<_> = sources.iter().map(|(file, _)| module_path(file)).collect();
    let (doors, mut faults) = (doors(sources), vec![]);
    for (file, source) in sources {
        let module = module_path(file);
        for path in uses(source).into_iter().filter_map(|(_, path)| from_the_root(&module, &path)) {
            let Some((name, door)) = path.split_last() else { continue };
            let is_inside = module.len() > door.len() && module.starts_with(door);
            if is_inside && !modules.contains(&path) && doors.get(door).is_some_and(|names| names.contains(name)) {
                faults.push(format!("src/{} imports {name} through the door of {}", file.display(), door.join("::")));
            }
        }
    }
    faults
}

#[test]
fn no_file_imports_through_the_door_of_its_own_module() {
    require_none(&own_doors(&files("src", "rs")));
    let planted_in = |path: &str, import: &str| {
        let mut sources = planted("orders/mod.rs", "pub use model::{Order, OrderLine};\nmod model;");
        sources.extend(planted(path, import));
        own_doors(&sources).len()
    };
    assert_eq!(planted_in("orders/place.rs", "use super::Order;"), 1);
    assert_eq!(planted_in("orders/placing/place.rs", "use crate::{kernel::Result, orders::{Order, model::Mark}};"), 1);
    assert_eq!(planted_in("orders/place.rs", "use super::model::Order;"), 0);
    assert_eq!(planted_in("graphql/orders.rs", "use crate::orders::Order;"), 0);
}
