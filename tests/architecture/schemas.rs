//! Names under which types are described.
use super::{Sources, files, require_none, word};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Types that the document describes under the same name: only one of them would be in it.
fn schemas_of_one_name(sources: &Sources) -> Vec<String> {
    let mut known: BTreeMap<String, &Path> = BTreeMap::new();
    let mut faults = vec![];
    for (file, source) in sources {
        let derived = source.match_indices("ToSchema").filter_map(|(at, _)| {
            let rest = source[at..].split_once(")]")?.1;
            let is_derive = source[..at]
                .rsplit("#[")
                .next()
                .is_some_and(|attribute| attribute.starts_with("derive(") && !attribute.contains(')'));
            let declared =
                rest.lines().map(str::trim_start).find(|line| !line.starts_with(['#', '/']) && !line.is_empty())?;
            let name = declared.split_once("struct ").or_else(|| declared.split_once("enum "))?.1;
            is_derive.then(|| word(name))
        });
        let by_hand = source.match_indices(" ToSchema for ").map(|(at, found)| word(&source[at + found.len()..]));
        let words = source.match_indices("\ncrate::text_enum! {").filter_map(|(at, found)| {
            let rest = source[at + found.len()..].lines().map(str::trim_start);
            rest.filter(|line| !line.starts_with(['#', '/'])).find(|line| !line.is_empty()).map(word)
        });
        for name in derived.chain(by_hand).chain(words).filter(|name| !name.is_empty()) {
            if let Some(other) = known.insert(name.clone(), file) {
                faults.push(format!("{} describes {name}, and so does {}", file.display(), other.display()));
            }
        }
    }
    faults
}

#[test]
fn no_two_types_are_described_under_one_name() {
    require_none(&schemas_of_one_name(&files("src", "rs")));
    let two = |second: &str| {
        let first = (PathBuf::from("a.rs"), "#[derive(Debug, ToSchema)]\n#[serde(x)]\npub struct Rate {".to_owned());
        vec![first, (PathBuf::from("b.rs"), second.to_owned())]
    };
    assert_eq!(schemas_of_one_name(&two("#[derive(ToSchema)]\nenum Rate {")).len(), 1);
    assert_eq!(schemas_of_one_name(&two("impl ToSchema for Rate {}")).len(), 1);
    assert_eq!(schemas_of_one_name(&two("\ncrate::text_enum! {\n    /// Of.\n    Rate {")).len(), 1);
    assert!(schemas_of_one_name(&two("#[derive(ToSchema)]\nenum Rates {")).is_empty());
}
