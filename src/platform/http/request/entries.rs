//! Checks of lists that tell of each entry which is wrong: validator knows a single error of a whole field.
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::kernel::Fault;
use std::{collections::HashSet, hash::Hash};

/// The name under which an error carries the faults of entries.
const ENTRIES: &str = "entries";

/// The kind of faults of fields that do not fit together, each of which could stand alone.
pub(super) const INCONSISTENT: &str = "inconsistent";

/// Fails with faults of a list's entries, each with its pointer from the list, such as `/2/sku`; succeeds without any.
pub fn entries(faults: impl IntoIterator<Item = (String, String)>) -> Result<(), ValidationError> {
    let faults: Vec<_> = faults.into_iter().take(MOST).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let mut error = ValidationError::new(ENTRIES);
    error.add_param(ENTRIES.into(), &faults);
    Err(error)
}

/// Fails with one fault of a whole body, at a pointer such as `/customer/address`.
pub fn fault(pointer: &str, said: &str) -> Result<(), ValidationError> {
    entries([(pointer.to_owned(), said.to_owned())])
}

/// Fails at each entry that has the key of an earlier one; `field` is the part of the pointer below the entry.
pub fn each_once<K: Eq + Hash>(keys: &[K], field: &str, said: &str) -> Vec<(String, String)> {
    let mut seen = HashSet::new();
    let twice = keys.iter().enumerate().filter(|(_, key)| !seen.insert(*key)).take(MOST);
    twice.map(|(at, _)| (format!("/{at}/{field}"), said.to_owned())).collect()
}

/// Validator's tree of errors as a flat list with JSON pointers.
pub(super) fn faults_of(errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = vec![];
    collect(errors, "", &mut faults);
    faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    faults
}

fn collect(errors: &ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let (location, code) = match &**field {
            "__all__" => (at.to_owned(), INCONSISTENT),
            field => (format!("{at}/{field}"), "invalid"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(inner, &location, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{location}/{index}"), faults);
                }
            }
            ValidationErrorsKind::Field(found) => {
                faults.extend(found.iter().flat_map(|error| told(&location, code, error)));
            }
        }
    }
}

fn told(location: &str, code: &'static str, error: &ValidationError) -> Vec<Fault> {
    let entries = error.params.get(ENTRIES).and_then(|faults| serde_json::from_value(faults.clone()).ok());
    if let Some(entries) = entries.map(|faults: Vec<(String, String)>| faults) {
        return entries.into_iter().map(|(at, said)| Fault::at(&format!("{location}{at}"), code, said)).collect();
    }
    let detail = error.message.clone().unwrap_or_else(|| error.code.clone());
    vec![Fault::at(location, code, detail)]
}

/// Faults that are told of at most.
pub const MOST: usize = 20;
