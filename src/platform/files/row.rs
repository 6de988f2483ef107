//! Reading a row.
use super::columns::Columns;
use crate::kernel::{Code, Error, Result};
use serde_json::Value;

/// Reads a row of a kind. A refusal names the column and says what belongs there.
pub fn read<T: serde::de::DeserializeOwned>(columns: &Columns, line: &str) -> Result<T> {
    let mut json = serde_json::Deserializer::from_str(line);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (column, said) = (error.path().to_string(), error.inner().to_string());
        let said = said.rfind(" at line ").and_then(|at| said.get(..at)).unwrap_or(&said).to_owned();
        Error::refused(Code::InvalidRow, in_words(columns, Told { column: &column, said: &said }, line))
    })
}

/// The complaint of the reader of JSON about a column.
#[derive(Clone, Copy)]
struct Told<'a> {
    column: &'a str,
    said: &'a str,
}

fn in_words(columns: &Columns, told: Told<'_>, line: &str) -> String {
    let Told { column, said } = told;
    let Ok(row) = serde_json::from_str::<Value>(line) else {
        return "the row is not a JSON object of columns and cells".to_owned();
    };
    let cell = row.get(column).unwrap_or(&Value::Null);
    let cell = cell.as_str().map_or_else(|| cell.to_string(), |text| format!("{text:?}"));
    if let Value::Array(cells) = &row
        && !cells.is_empty()
    {
        return format!("the row has {} cells, more than there are columns", cells.len());
    }
    if let Some(name) = said.strip_prefix("unknown field ").and_then(|rest| rest.split('`').nth(1)) {
        return format!("there is no column {name}; the columns are {}", columns.read.join(", "));
    }
    if let Some(twice) = said.strip_prefix("duplicate field ") {
        return format!("the row has {} twice", twice.trim_matches('`'));
    }
    if let Some(missing) = said.strip_prefix("missing field ") {
        return format!("{} is missing or empty", missing.trim_matches('`'));
    }
    if let Some((_, known)) = said.strip_prefix("unknown variant ").and_then(|said| said.split_once("expected ")) {
        let known = known.trim_start_matches("one of ").replace('`', "");
        return format!("{column}: {cell} is not one of {known}");
    }
    if columns.numbers.contains(&column) && row.get(column).is_some_and(Value::is_number) {
        return format!("{column} is beyond its bounds, or no whole number: {cell}");
    }
    let wanted = match column {
        name if columns.numbers.contains(&name) => "a whole number, such as 5",
        name if columns.decimals.contains(&name) => "a decimal number, such as 0.9217",
        name if columns.documents.contains(&name) && row.get(name).is_some_and(Value::is_string) => {
            "JSON, such as exports write it"
        }
        "made_on" | "expires_on" => "a date, such as 2027-01-31",
        name if name.ends_with("_at") => "a time with its zone, such as 2026-11-28T10:00:00Z",
        name if name.ends_with("_id") => "an id as answers give it (UUID)",
        "." | "" => return "the row is not a JSON object of columns and cells".to_owned(),
        _ => return format!("{column}: {said}"),
    };
    format!("{column} must be {wanted}, not {cell}")
}
