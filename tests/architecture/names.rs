//! One name for one thing: a type that other files can see is defined once.
use super::{Sources, files, planted, require_none};
use std::collections::BTreeMap;

/// Types that bear one name in two places for a reason.
const TWICE: &[(&str, &str)] = &[];

/// GraphQL names its types as the records that they show.
const MIRROR: &str = "graphql";

fn twice_defined(sources: &Sources) -> Vec<String> {
    let mut homes = BTreeMap::<&str, Vec<String>>::new();
    for (file, source) in sources.iter().filter(|(file, _)| !file.starts_with(MIRROR)) {
        let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in source.lines().filter(|line| line.starts_with("pub")) {
            let rest = line.split_once(") ").filter(|(start, _)| start.starts_with("pub(")).map(|(_, rest)| rest);
            let rest = rest.or_else(|| line.strip_prefix("pub ")).unwrap_or_default();
            let kinds = ["struct ", "enum ", "trait ", "type "];
            let named = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
            let name = named.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                homes.entry(name).or_default().push(file.display().to_string());
            }
        }
    }
    let is_exempt = |name: &str| TWICE.iter().any(|(exempt, _)| *exempt == name);
    let twice = homes.into_iter().filter(|(name, files)| files.len() > 1 && !is_exempt(name));
    twice.map(|(name, files)| format!("{name} is defined in {}", files.join(", "))).collect()
}

#[test]
fn a_type_is_defined_once() {
    require_none(&twice_defined(&files("src", "rs")));
    let both = |first: &str, second: &str| {
        let mut sources = planted("orders/a.rs", first);
        sources.extend(planted("inventory/b.rs", second));
        twice_defined(&sources).len()
    };
    assert_eq!(both("pub struct Step;", "pub(super) enum Step {"), 1);
    assert_eq!(both("pub struct Step;", "struct Step;"), 0);
}
