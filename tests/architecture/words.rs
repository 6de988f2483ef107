//! The language of the code: words that docs/glossary.md retires do not come back, and the write path is extended by
//! traits.
use super::{Sources, files, planted, require_none};
use std::path::PathBuf;

/// Identifiers that are retired, whole.
#[rustfmt::skip]
const RETIRED: &[&str] = &[
    "Books", "MakeBooks", "Intake", "intake", "IntakeMetrics", "Register", "Till", "Papers", "Spot", "spot", "spots",
    "Carry", "Held", "NewHold", "Way", "Pace", "Own", "survey", "Lapse", "cancel_lapsed", "settle_due", "GiveUp",
    "Settle", "LookedAt", "tell", "tell_all", "Places",
];

/// Parts of words that are spelled in another way.
const MISSPELLED: &[&str] = &["authoris", "catalogue", "serialise", "fulfilment", "fulfils ", "fulfil ", "fulfil("];

/// Beginnings of identifiers that are retired.
const BEGINNINGS: &[&str] = &["demand_"];

/// The code of a line, without its strings and its comment.
fn code_of(line: &str) -> String {
    let bare: Vec<_> = line.split('"').step_by(2).collect();
    let bare = bare.join(" ");
    bare.split_once("//").map_or(bare.as_str(), |(code, _)| code).to_owned()
}

fn retired_words(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        for (no, line) in (1..).zip(source.lines()) {
            let lower = line.to_lowercase();
            let misspelled = MISSPELLED.iter().filter(|part| lower.contains(**part));
            faults.extend(misspelled.map(|part| format!("{}:{no} spells {part:?}", file.display())));
            let code = code_of(line);
            let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            let is_retired =
                |word: &&str| RETIRED.contains(word) || BEGINNINGS.iter().any(|start| word.starts_with(start));
            faults.extend(words.filter(is_retired).map(|word| format!("{}:{no} says {word}", file.display())));
        }
    }
    faults
}

/// Comments that begin like a question, which says less than a sentence with its subject.
fn questions(sources: &Sources) -> Vec<String> {
    let mut faults = vec![];
    for (file, source) in sources {
        for (no, line) in (1..).zip(source.lines()) {
            let text = ["//! ", "/// "].iter().find_map(|mark| line.trim_start().strip_prefix(mark));
            let first = text.and_then(|text| text.split(|c: char| !c.is_alphanumeric()).next());
            if first.is_some_and(|first| ["What", "Whether", "How", "Who", "Where"].contains(&first)) {
                faults.push(format!("{}:{no} begins like a question", file.display()));
            }
        }
    }
    faults
}

/// Files outside of the group commit that add methods to its open type: a module extends it by a trait of its own, so
/// that whoever uses it imports it.
fn open_extensions(sources: &Sources) -> Vec<String> {
    let is_home = |file: &PathBuf| file.starts_with("platform/group_commit");
    let extends = |source: &String| source.lines().any(|line| line.starts_with("impl UnitOfWork"));
    let found = sources.iter().filter(|(file, source)| !is_home(file) && extends(source));
    found.map(|(file, _)| format!("{} adds methods to UnitOfWork without a trait", file.display())).collect()
}

#[test]
fn retired_words_do_not_come_back() {
    require_none(&retired_words(&files("src", "rs")));
    assert_eq!(retired_words(&planted("orders/a.rs", "fn a(books: &mut Books) {}")).len(), 1);
    assert_eq!(retired_words(&planted("orders/a.rs", "fn demand_open() {}")).len(), 1);
    assert_eq!(retired_words(&planted("orders/a.rs", "/// The catalogue.")).len(), 1);
    assert!(retired_words(&planted("orders/a.rs", "fn a(demand: &Demand) {} // Books")).is_empty());
}

#[test]
fn no_comment_begins_like_a_question() {
    for root in ["src", "tests", "benches"] {
        require_none(&questions(&files(root, "rs")));
    }
    assert_eq!(questions(&planted("orders/a.rs", "    /// Whether it is there.")).len(), 1);
    assert_eq!(questions(&planted("orders/a.rs", "//! What orders are.")).len(), 1);
    assert!(questions(&planted("orders/a.rs", "/// Whatever is left.\n/// True if it is there.")).is_empty());
}

#[test]
fn the_unit_of_work_is_extended_by_traits_alone() {
    require_none(&open_extensions(&files("src", "rs")));
    assert_eq!(open_extensions(&planted("orders/a.rs", "impl UnitOfWork {\n}")).len(), 1);
    assert!(open_extensions(&planted("orders/a.rs", "impl OrderActions for UnitOfWork {\n}")).is_empty());
}
