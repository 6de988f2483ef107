//! Limits checked before a query is validated, because validation itself walks expanded fragments: a chain of
//! fragments that each spread the next one twice costs 2^n. Here each fragment is measured once.
use crate::kernel::{Code, Error, Result};
use crate::platform::config;
use async_graphql::{
    Name,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection, SelectionSet},
    },
};
use std::collections::{HashMap, HashSet};

/// Brackets within brackets that a sensible document may have; deeper ones would exhaust the parser's stack.
const NESTING: usize = 60;

/// Response keys that one selection may have when its fragments are written out, repeated ones included.
const MOST_KEYS: usize = 2_000;
/// Variables that an operation may define: each one is looked at by several rules of validation.
const MOST_VARIABLES: usize = 100;

/// The fields of a selection when its fragments are written out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Size {
    fields: usize,
    /// Aliases, and response keys that are repeated within one selection: both ask for the same field again.
    aliases: usize,
    depth: usize,
    /// The response keys of the selection itself, as often as they occur.
    keys: Vec<Name>,
}

/// Refuses documents that are too deep, too large when written out, too full of aliases or repeated fields, or that ask
/// for too many fields of the root, each of which is a read of its own.
pub fn check(query: &str, limits: &config::Graphql) -> Result<()> {
    let refuse = |what: String| Err(Error::refused(Code::GraphqlTooComplex, what));
    if nesting(query) > NESTING {
        return refuse(format!("the document is nested more than {NESTING} deep"));
    }
    let Ok(document) = parse_query(query) else { return Ok(()) };
    let mut known = HashMap::new();
    for (_, operation) in document.operations.iter() {
        let variables = operation.node.variable_definitions.len();
        if variables > MOST_VARIABLES {
            return refuse(format!("the operation has {variables} variables; at most {MOST_VARIABLES} are allowed"));
        }
        let size = measure(&operation.node.selection_set.node, &document, &mut known, 0)?;
        if size.keys.len() > limits.max_root_fields {
            return refuse(format!(
                "the query asks for {} fields of the root; at most {} are allowed",
                size.keys.len(),
                limits.max_root_fields
            ));
        }
        if size.depth > limits.max_depth {
            return refuse(format!("the query is {} deep; at most {} is allowed", size.depth, limits.max_depth));
        }
        if size.aliases > limits.max_aliases {
            return refuse(format!(
                "the query has {} aliases and repeated fields; at most {} are allowed",
                size.aliases, limits.max_aliases
            ));
        }
        if size.fields > limits.max_complexity {
            return refuse(format!(
                "the query asks for {} fields; at most {} are allowed",
                size.fields, limits.max_complexity
            ));
        }
    }
    Ok(())
}

/// The deepest nesting of brackets outside strings and comments, by the grammar's own rules: a comment ends at any
/// line terminator, a string at its quote or its line, a block string at three quotes.
fn nesting(query: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut rest = query;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' if rest.starts_with("\"\"\"") => block_string(rest),
            '"' => string(rest),
            '{' | '[' | '(' => {
                depth += 1;
                deepest = deepest.max(depth);
                1
            }
            '}' | ']' | ')' => {
                depth = depth.saturating_sub(1);
                1
            }
            other => other.len_utf8(),
        };
        rest = rest.get(skipped..).unwrap_or_default();
    }
    deepest
}

/// Bytes of the string that begins here, quotes included.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\n' | '\r' => return at,
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

/// Bytes of the block string that begins here, quotes included.
fn block_string(text: &str) -> usize {
    let mut at = 3;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("\\\"\"\"") {
            at += 4;
        } else if rest.starts_with("\"\"\"") {
            return at + 3;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Sizes of fragments measured so far; none while one is being measured, which tells a cycle.
type Known = HashMap<Name, Option<Size>>;

fn measure(set: &SelectionSet, document: &ExecutableDocument, known: &mut Known, within: usize) -> Result<Size> {
    let mut sum = Size::default();
    for selection in &set.items {
        let part = match &selection.node {
            Selection::Field(field) => {
                let inner = measure(&field.node.selection_set.node, document, known, within)?;
                Size {
                    fields: inner.fields.saturating_add(1),
                    aliases: inner.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                    depth: inner.depth.saturating_add(1),
                    keys: vec![field.node.response_key().node.clone()],
                }
            }
            Selection::InlineFragment(fragment) => spread(&fragment.node.selection_set.node, document, known, within)?,
            Selection::FragmentSpread(spread) => fragment(&spread.node.fragment_name.node, document, known, within)?,
        };
        sum.fields = sum.fields.saturating_add(part.fields);
        sum.aliases = sum.aliases.saturating_add(part.aliases);
        sum.depth = sum.depth.max(part.depth);
        sum.keys.extend(part.keys);
        if sum.keys.len() > MOST_KEYS {
            let detail = format!("a selection has more than {MOST_KEYS} fields");
            return Err(Error::refused(Code::GraphqlTooComplex, detail));
        }
    }
    let distinct: HashSet<_> = sum.keys.iter().collect();
    sum.aliases = sum.aliases.saturating_add(sum.keys.len() - distinct.len());
    Ok(sum)
}

/// A part of a selection: keys that it repeats are counted where all of them come together.
fn spread(set: &SelectionSet, document: &ExecutableDocument, known: &mut Known, within: usize) -> Result<Size> {
    let mut size = measure(set, document, known, within)?;
    let distinct: HashSet<_> = size.keys.iter().collect();
    size.aliases = size.aliases.saturating_sub(size.keys.len() - distinct.len());
    Ok(size)
}

fn fragment(name: &Name, document: &ExecutableDocument, known: &mut Known, within: usize) -> Result<Size> {
    if within > NESTING {
        let detail = format!("fragments are spread within fragments more than {NESTING} deep");
        return Err(Error::refused(Code::GraphqlTooComplex, detail));
    }
    match known.get(name) {
        Some(Some(size)) => return Ok(size.clone()),
        Some(None) => return Err(Error::refused(Code::GraphqlInvalid, format!("the fragment {name} spreads itself"))),
        None => {}
    }
    let Some(definition) = document.fragments.get(name) else { return Ok(Size::default()) };
    known.insert(name.clone(), None);
    let size = spread(&definition.node.selection_set.node, document, known, within + 1)?;
    known.insert(name.clone(), Some(size.clone()));
    Ok(size)
}

#[cfg(test)]
mod tests;
