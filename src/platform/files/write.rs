//! Rows on their way out.
use super::cells::is_formula;
use crate::kernel::Result;
use anyhow::Context;
use serde_json::Value;

crate::text_enum! {
    /// The format of rows.
    Format {
        /// Comma-separated values with a heading.
        Csv = "csv",
        /// A JSON object a line.
        JsonLines = "jsonl",
    }
}

impl Format {
    /// The media type of a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/x-ndjson",
        }
    }
}

/// The first line of a file: the heading of CSV; nothing before JSON lines.
pub fn heading_of(format: Format, heading: &[&str]) -> Result<String> {
    match format {
        Format::JsonLines => Ok(String::new()),
        Format::Csv => written(|csv| csv.write_record(heading)),
    }
}

/// Rows in the format of a file; of CSV the columns of the heading, in its order.
pub fn lines_of(format: Format, heading: &[&str], rows: &[Value]) -> Result<String> {
    match format {
        Format::JsonLines => Ok(rows.iter().map(|row| format!("{row}\n")).collect()),
        Format::Csv => written(|csv| {
            let cells = |row: &Value| heading.iter().map(|name| cell(row.get(*name))).collect::<Vec<_>>();
            rows.iter().try_for_each(|row| csv.write_record(cells(row)))
        }),
    }
}

/// The text of a cell. What a spreadsheet would take for a formula has an apostrophe in front, and so has what would be
/// read as such.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if is_formula(text) => format!("'{text}"),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

type Csv = csv::Writer<Vec<u8>>;

fn written(write: impl FnOnce(&mut Csv) -> csv::Result<()>) -> Result<String> {
    let mut csv = csv::Writer::from_writer(vec![]);
    write(&mut csv).context("writing CSV")?;
    let bytes = csv.into_inner().map_err(|error| anyhow::anyhow!("writing CSV: {error}"))?;
    Ok(String::from_utf8(bytes).context("CSV is text")?)
}
