//! The order of files: two files of a module never need each other, so that each can be read after those it uses.
//! A module's own file may define what the files behind it share.
use super::{
    Sources, files,
    imports::{from_the_root, module_path, uses},
    planted, require_none,
};
use std::collections::{BTreeMap, BTreeSet};

type Path = Vec<String>;

/// Folders whose files may need each other: types of GraphQL refer to each other as records do.
const EXEMPT: [&str; 1] = ["graphql::types"];

/// A file of the crate: the names that it exports for others, what it imports, and its code without those and without
/// comments and tests.
struct File {
    exports: BTreeMap<String, Path>,
    uses: Vec<Path>,
    code: String,
}

fn code_of(source: &str) -> String {
    let code = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = code.collect::<Vec<_>>().join("\n");
    code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// Code without its imports.
fn body_of(code: &str) -> String {
    let mut parts = code.split("use ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |body, part| body + part.split_once(';').map_or(part, |(_, rest)| rest))
}

/// All files by the path of their module.
fn read(sources: &Sources) -> BTreeMap<Path, File> {
    let modules: BTreeSet<_> = sources.iter().map(|(file, _)| module_path(file)).collect();
    let file = |(file, source): &(std::path::PathBuf, String)| {
        let (module, code) = (module_path(file), code_of(source));
        let absolute = |path: &Path| {
            let child = [module.as_slice(), &path[..1]].concat();
            let own = || modules.contains(&child).then(|| [module.as_slice(), path].concat());
            from_the_root(&module, path).or_else(own)
        };
        let all: Vec<_> =
            uses(&code).into_iter().filter_map(|(is_public, path)| Some((is_public, absolute(&path)?))).collect();
        let named = |path: &Path| Some((path.last()?.clone(), path.clone()));
        let exports = all.iter().filter(|(is_public, _)| *is_public).filter_map(|(_, path)| named(path)).collect();
        let uses = all.into_iter().filter(|(is_public, _)| !is_public).map(|(_, path)| path).collect();
        (module, File { exports, uses, code: body_of(&code) })
    };
    sources.iter().map(file).collect()
}

/// The file in which an item is defined, followed through the doors that export it.
fn home(all: &BTreeMap<Path, File>, path: &[String], hops: usize) -> Option<Path> {
    let module = (1..=path.len()).rev().map(|n| &path[..n]).find(|module| all.contains_key(*module))?;
    let exported = path.get(module.len()).and_then(|name| all[module].exports.get(name));
    match exported {
        Some(further) if hops > 0 => home(all, further, hops - 1),
        _ => Some(module.to_vec()),
    }
}

/// The files that a file needs: by what it imports, and by what it names of the modules that it imports.
fn needs(all: &BTreeMap<Path, File>, module: &Path, file: &File) -> BTreeSet<Path> {
    let mut paths: Vec<Path> = file.uses.iter().filter(|path| !all.contains_key(*path)).cloned().collect();
    let imported = file.uses.iter().filter(|path| all.contains_key(*path));
    let children = all.keys().filter(|other| other.len() == module.len() + 1 && other.starts_with(module));
    for target in imported.chain(children) {
        let prefix = format!("{}::", target.last().unwrap());
        for (at, _) in file.code.match_indices(&prefix) {
            let is_whole = !file.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let rest = &file.code[at + prefix.len()..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if is_whole && !name.is_empty() {
                paths.push([target.as_slice(), &[name]].concat());
            }
        }
    }
    let homes = paths.iter().filter_map(|path| home(all, path, 8));
    let is_shared = |home: &Path| module.starts_with(home);
    homes.filter(|home| home != module && home[0] == module[0] && !is_shared(home)).collect()
}

/// Files that need themselves by way of others.
fn circles(sources: &Sources) -> Vec<String> {
    let all = read(sources);
    let graph: BTreeMap<_, _> = all.iter().map(|(module, file)| (module, needs(&all, module, file))).collect();
    let mut faults = vec![];
    for start in all.keys().filter(|module| !EXEMPT.iter().any(|name| module.join("::").starts_with(name))) {
        let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(module) = next.pop() {
            for target in &graph[module] {
                if target == start {
                    faults.push(format!("{} needs {}, which needs it", start.join("::"), module.join("::")));
                }
                if seen.insert(target) {
                    next.push(target);
                }
            }
        }
    }
    faults
}

#[test]
fn no_two_files_of_a_module_need_each_other() {
    require_none(&circles(&files("src", "rs")));
    let pair = |first: &str, second: &str| {
        let mut sources = planted("orders/mod.rs", "mod read;\nmod store;\npub use store::{Order, lines_of};");
        sources.extend(planted("orders/read.rs", first));
        sources.extend(planted("orders/store.rs", second));
        circles(&sources).len()
    };
    assert_eq!(pair("use super::store;\nfn a() { store::load() }", "use crate::orders::read::Filter;"), 2);
    assert_eq!(pair("use super::Order;", "use super::read::Filter;"), 2);
    assert_eq!(pair("use super::store::Order;", "use crate::kernel::Result; // read::Filter"), 0);
}
