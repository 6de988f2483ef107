//! All faults of a body at once. A reader stops at the first value that does not fit; here that value is replaced by
//! one that fits, as far as one is found, and the body is read again, until nothing more is found.
use super::{
    entries::{INCONSISTENT, faults_of},
    reader_words::in_words,
};
use crate::{
    kernel::{Fault, strict_json::object},
    platform::http::request::entries::MOST,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::borrow::Cow;
use validator::Validate;

/// Structures within structures that stand in for a value at most.
const DEEPEST: usize = 3;

/// Longer bodies are told of their first fault alone: each further one costs several readings.
const LONGEST: usize = 16 * 1024;

/// Why a text could not be read.
pub struct Unread {
    /// The fault and its location.
    pub fault: Fault,
    /// True if the text is JSON whose values do not fit.
    pub is_data: bool,
    /// The reader's own words.
    pub cause: serde_json::Error,
}

/// Reads a type from JSON: the only way in which bodies are read, for each way is compiled anew for each type.
pub fn read_text<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let read = object(serde_path_to_error::Deserializer::new(&mut json, &mut track));
    read.and_then(|value| json.end().map(|()| value)).map_err(|cause| unread(&track.path(), cause))
}

fn unread(path: &serde_path_to_error::Path, cause: serde_json::Error) -> Unread {
    let is_data = cause.classify() == serde_json::error::Category::Data;
    Unread { fault: of(path, &cause.to_string()), is_data, cause }
}

/// A fault of a body as its reader tells of it.
fn of(path: &serde_path_to_error::Path, message: &str) -> Fault {
    let said = without_position(message);
    let mut pointer = pointer_of(path);
    if let Some(name) = named_by(&said, "missing field ").or_else(|| named_by(&said, "unknown field "))
        && !pointer.ends_with(&format!("/{}", escaped(name)))
    {
        pointer = format!("{pointer}/{}", escaped(name));
    }
    Fault::at(&pointer, "invalid", in_words(&said).into_owned())
}

/// Reads bodies of one type. A type has these two functions of its own; the search for faults with them is compiled
/// once.
#[derive(Clone, Copy)]
struct Reader {
    /// The first fault of a body.
    attempt: fn(&Value) -> Option<Fault>,
    /// The faults of a body that can be read but is not valid.
    judge: fn(&Value) -> Vec<Fault>,
}

impl Reader {
    fn of<T: DeserializeOwned + Validate>() -> Self {
        let judge = |body: &Value| {
            let errors = attempt::<T>(body).ok().and_then(|read| read.validate().err());
            errors.map(|errors| faults_of(&errors)).unwrap_or_default()
        };
        Self { attempt: |body| attempt::<T>(body).err(), judge }
    }
}

/// All faults of a body, given the first.
pub fn all<T: DeserializeOwned + Validate>(text: &str, first: Fault) -> Vec<Fault> {
    all_read_by(Reader::of::<T>(), text, first)
}

fn all_read_by(reader: Reader, text: &str, first: Fault) -> Vec<Fault> {
    let Some(mut body) = serde_json::from_str::<Value>(text).ok().filter(|_| text.len() <= LONGEST) else {
        return vec![first];
    };
    let mut faults = vec![first];
    let mut mended: Vec<String> = vec![];
    while faults.len() < MOST {
        let Some(fault) = (reader.attempt)(&body) else {
            let more = (reader.judge)(&body);
            // What is said of a stand-in, or of values of which one is a stand-in, was not sent.
            let is_ours = |fault: &Fault| {
                let said = fault.pointer.trim_start_matches('#');
                let list = said.rsplit_once('/').and_then(|(entry, _)| entry.rsplit_once('/')).map(|(list, _)| list);
                // A stand-in may be what another entry has.
                let is_twice = fault.detail.ends_with("named once");
                let is_beside =
                    |at: &String| list.is_some_and(|list| is_twice && !list.is_empty() && is_within(at, list));
                // Values that do not fit to a stand-in may fit to what was meant.
                (fault.code == INCONSISTENT && !mended.is_empty())
                    || mended.iter().any(|at| is_within(said, at) || is_within(at, said) || is_beside(at))
            };
            faults.extend(more.into_iter().filter(|fault| !is_ours(fault)));
            break;
        };
        let at = fault.pointer.trim_start_matches('#').to_owned();
        if !faults.iter().any(|known| known.pointer == fault.pointer) {
            faults.push(fault.clone());
        }
        if mended.contains(&at) || !mend(reader, &mut body, &at, &fault.detail, 0) {
            break;
        }
        mended.push(at);
    }
    faults
}

fn is_within(pointer: &str, at: &str) -> bool {
    pointer == at || pointer.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'))
}

fn attempt<T: DeserializeOwned>(body: &Value) -> Result<T, Fault> {
    read_text(&body.to_string()).map_err(|unread| unread.fault)
}

/// Replaces the value at a pointer by one that fits, or takes it away where it should not be.
fn mend(reader: Reader, body: &mut Value, at: &str, said: &str, depth: usize) -> bool {
    let Some((parent, name)) = at.rsplit_once('/') else { return false };
    let name = name.replace("~1", "/").replace("~0", "~");
    if said.starts_with("unknown field") {
        let Some(Value::Object(fields)) = body.pointer_mut(parent) else { return false };
        return fields.remove(&name).is_some();
    }
    let usual = [
        json!(null),
        json!("A1"),
        json!(1),
        json!([]),
        json!(true),
        json!("00000000-0000-7000-8000-000000000000"),
        json!("2026-01-01"),
        json!("2026-01-01T00:00:00Z"),
        json!("FR"),
        json!("EUR"),
        json!("a@example.com"),
        json!("Europe/Paris"),
        json!({}),
    ];
    let before = body.pointer(at).cloned();
    for candidate in listed(said).into_iter().chain(usual) {
        if !set(body, parent, &name, candidate) {
            return false;
        }
        match (reader.attempt)(body) {
            Some(fault) if is_within(fault.pointer.trim_start_matches('#'), at) => {
                // A text may be refused with the words that would do.
                let Some(word) = listed(&fault.detail).filter(|_| fault.pointer.trim_start_matches('#') == at) else {
                    continue;
                };
                set(body, parent, &name, word);
                match (reader.attempt)(body) {
                    Some(fault) if is_within(fault.pointer.trim_start_matches('#'), at) => {}
                    _ => return true,
                }
            }
            _ => return true,
        }
    }
    if depth < DEEPEST && set(body, parent, &name, json!({})) && fill(reader, body, at, depth) {
        return true;
    }
    if let Some(before) = before {
        set(body, parent, &name, before);
    }
    false
}

/// Adds the fields that a structure lacks which stands in for a value.
fn fill(reader: Reader, body: &mut Value, at: &str, depth: usize) -> bool {
    for _ in 0..MOST {
        match (reader.attempt)(body) {
            Some(fault) if is_within(fault.pointer.trim_start_matches('#'), at) => {
                let inner = fault.pointer.trim_start_matches('#');
                if inner == at || !mend(reader, body, inner, &fault.detail, depth + 1) {
                    return false;
                }
            }
            _ => return true,
        }
    }
    false
}

/// The first word that a refusal lists.
fn listed(said: &str) -> Option<Value> {
    let (_, rest) = said.split_once("expected ")?;
    rest.split('`').nth(1).map(|word| json!(word))
}

fn set(body: &mut Value, parent: &str, name: &str, value: Value) -> bool {
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => {
            fields.insert(name.to_owned(), value);
            true
        }
        Some(Value::Array(items)) => {
            let item = name.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            item.map(|item| *item = value).is_some()
        }
        _ => false,
    }
}

fn named_by<'a>(said: &'a str, start: &str) -> Option<&'a str> {
    said.strip_prefix(start)?.strip_prefix('`')?.split('`').next()
}

fn without_position(message: &str) -> Cow<'_, str> {
    message.rfind(" at line ").map_or(Cow::Borrowed(message), |at| Cow::Borrowed(message.get(..at).unwrap_or(message)))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
