//! Cells of a row: of a JSON object, and as spreadsheets write them.
use super::columns::Columns;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value};
use std::fmt;

/// The cells of a JSON object, each column at most once, however its name is written.
pub struct Cells(pub Map<String, Value>);

impl<'de> Deserialize<'de> for Cells {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Columns;
        impl<'de> Visitor<'de> for Columns {
            type Value = Cells;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of columns and cells")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cells, A::Error> {
                let mut cells = Map::new();
                while let Some((name, cell)) = map.next_entry::<String, Value>()? {
                    if cells.insert(name.clone(), cell).is_some() {
                        return Err(serde::de::Error::custom(format!("duplicate field `{name}`")));
                    }
                }
                Ok(Cells(cells))
            }
        }
        deserializer.deserialize_map(Columns)
    }
}

/// A cell: numbers as spreadsheets write them, JSON of columns that hold it, other text without the apostrophe that
/// keeps it from being a formula.
pub fn value(columns: &Columns, name: &str, cell: &str) -> Value {
    if columns.numbers.contains(&name) {
        return number(cell).map_or_else(|| cell.into(), Value::from);
    }
    if columns.documents.contains(&name) {
        // Spreadsheets write TRUE and FALSE.
        let spelled = if cell.len() <= 5 { cell.to_ascii_lowercase() } else { cell.to_owned() };
        return serde_json::from_str(&spelled).unwrap_or_else(|_| cell.into());
    }
    if columns.decimals.contains(&name) {
        return with_point(cell).into();
    }
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.into(),
        _ => cell.into(),
    }
}

/// True of text that a spreadsheet would take for a formula, and of such text with apostrophes in front already.
pub fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A decimal number whose comma stands for a point. Three digits after a comma may be thousands: such a cell stays.
fn with_point(cell: &str) -> String {
    match cell.split_once(',') {
        Some((whole, fraction)) if fraction.len() != 3 && !cell.contains('.') => format!("{whole}.{fraction}"),
        _ => cell.to_owned(),
    }
}

/// A whole number, also as `5,0`, `5.00` or `1 000`. Three digits after a comma or point may be thousands or a
/// fraction: such a cell is not read.
fn number(cell: &str) -> Option<i64> {
    let cell = cell.trim_start_matches('\'');
    let bare: String = cell.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    match bare.split_once([',', '.']) {
        None => bare.parse().ok(),
        Some((whole, fraction)) => {
            let is_whole = (1..=2).contains(&fraction.len()) && fraction.bytes().all(|digit| digit == b'0');
            if is_whole { whole.parse().ok() } else { None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_may_mean_two_things_are_not_guessed() {
        assert_eq!(
            [number("5"), number("-2,0"), number("1 000"), number("7.00")],
            [Some(5), Some(-2), Some(1000), Some(7)]
        );
        assert_eq!([with_point("0,9"), with_point("0.9217")], ["0.9", "0.9217"]);
        assert_eq!([with_point("1,250"), with_point("1.000,5")], ["1,250", "1.000,5"]);
        for unclear in ["1.000", "1,000", "5,5", "x", "", "--1", "5,"] {
            assert_eq!(number(unclear), None, "{unclear}");
        }
    }
}
