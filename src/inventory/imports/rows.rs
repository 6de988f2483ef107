//! Rows of files: CSV with a heading, or JSON lines; each becomes what a single request would say.
use super::ImportKind;
use crate::{
    inventory::{
        adjust::{Booking, Change},
        counts::Counted,
        lots::Printed,
        model::State,
        purchasing::{Arriving, Condition, What},
        store::Thresholds,
    },
    kernel::{Code, CountId, Error, Note, PurchaseOrderId, Quantity, Result, Sku, SupplierId, Text},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Rows in a file at most.
pub const MOST_ROWS: usize = 100_000;

/// Columns of whole numbers.
const NUMBERS: [&str; 10] = [
    "delta",
    "set",
    "safety_stock",
    "reorder_threshold",
    "reorder_quantity",
    "backorder_limit",
    "quantity",
    "accepted",
    "rejected",
    "pao_months",
];

/// An adjustment, or thresholds, of a level.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelRow {
    /// A location's id or code.
    pub location: Text<64>,
    pub sku: Sku,
    delta: Option<i32>,
    set: Option<i32>,
    state: Option<State>,
    reason: Option<Text<32>>,
    lot: Option<Text<20>>,
    note: Option<Note>,
    safety_stock: Option<i32>,
    reorder_threshold: Option<i32>,
    reorder_quantity: Option<i32>,
    backorder_limit: Option<i32>,
}

/// A line of a count.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountRow {
    pub count_id: CountId,
    sku: Sku,
    lot: Option<Text<20>>,
    quantity: i32,
    counted_at: Option<DateTime<Utc>>,
}

/// An arrival of one line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// A location's id or code.
    pub location: Text<64>,
    pub purchase_order_id: Option<PurchaseOrderId>,
    pub supplier_id: Option<SupplierId>,
    pub reference: Option<Text<100>>,
    sku: Option<Sku>,
    scan: Option<String>,
    lot: Option<Text<20>>,
    made_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
    pao_months: Option<i32>,
    #[serde(default)]
    accepted: i32,
    #[serde(default)]
    rejected: i32,
    condition: Option<Condition>,
}

fn refuse<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::refused(Code::InvalidRow, why))
}

fn in_range(name: &str, units: Option<i32>, least: i32, most: i32) -> Result<Option<i32>> {
    match units {
        Some(units) if !(least..=most).contains(&units) => {
            refuse(format!("{name} must be {least} to {most}, not {units}"))
        }
        other => Ok(other),
    }
}

impl LevelRow {
    /// What it changes.
    pub fn change(self) -> Result<Change> {
        const MOST: i32 = 1_000_000_000;
        let limits = Thresholds {
            safety_stock: in_range("safety_stock", self.safety_stock, 0, MOST)?,
            reorder_threshold: in_range("reorder_threshold", self.reorder_threshold, 0, MOST)?,
            reorder_quantity: in_range("reorder_quantity", self.reorder_quantity, 0, MOST)?,
            backorder_limit: in_range("backorder_limit", self.backorder_limit, 0, MOST)?,
        };
        let has_limits = limits != Thresholds::default();
        let delta = in_range("delta", self.delta, -Quantity::MAX, Quantity::MAX)?;
        let set = in_range("set", self.set, 0, MOST)?;
        let (state, note, lot) = (self.state.unwrap_or(State::OnHand), self.note, self.lot.map(String::from));
        let booking = |units, reason: Text<32>| Booking { units, state, reason: reason.into(), note, lot };
        match (delta, set, self.reason, has_limits) {
            (Some(delta), None, Some(reason), false) => Ok(Change::By(booking(delta, reason))),
            (None, Some(set), Some(reason), false) => Ok(Change::To(booking(set, reason))),
            (None, None, None, true) => Ok(Change::Thresholds(limits)),
            _ => refuse("a row has either delta with reason, or set with reason, or thresholds"),
        }
    }
}

impl CountRow {
    /// What was counted.
    pub fn counted(self) -> Result<Counted> {
        let quantity = in_range("quantity", Some(self.quantity), 0, Quantity::MAX)?.unwrap_or_default();
        Ok(Counted { sku: self.sku, lot: self.lot.map(String::from), quantity, counted_at: self.counted_at })
    }
}

impl ReceiptRow {
    /// What arrives.
    pub fn arriving(self) -> Result<Arriving> {
        let what = match (self.sku, self.scan) {
            (Some(sku), None) => What::Sku(sku),
            (None, Some(scan)) => What::Scan(scan),
            _ => return refuse("a row has either sku or scan"),
        };
        let accepted = in_range("accepted", Some(self.accepted), 0, Quantity::MAX)?.unwrap_or_default();
        let rejected = in_range("rejected", Some(self.rejected), 0, Quantity::MAX)?.unwrap_or_default();
        if accepted == 0 && rejected == 0 {
            return refuse("a row counts nothing");
        }
        let (made_on, expires_on) = (self.made_on, self.expires_on);
        let pao_months = in_range("pao_months", self.pao_months, 1, 120)?;
        let printed = |code: Text<20>| Printed { code: code.into(), made_on, expires_on, pao_months };
        let condition = self.condition.unwrap_or(Condition::Sellable);
        Ok(Arriving { what, lot: self.lot.map(printed), accepted, rejected, condition })
    }
}

/// Reads a row of a kind.
pub fn read<T: serde::de::DeserializeOwned>(line: &str) -> Result<T> {
    serde_json::from_str(line).or_else(|error| {
        let said = error.to_string();
        refuse(said.rfind(" at line ").and_then(|at| said.get(..at)).unwrap_or(&said))
    })
}

/// Splits a file into its rows, each a JSON object of text; refused as a whole only where it cannot be split.
pub fn split(kind: ImportKind, bytes: &[u8], is_csv: bool) -> Result<Vec<String>> {
    let text = std::str::from_utf8(bytes).or_else(|_| refuse("the file is not UTF-8"))?;
    if text.contains('\0') {
        return refuse("the file holds the NUL character");
    }
    let rows = if is_csv { from_csv(kind, text)? } else { from_json_lines(text) };
    match rows.len() {
        0 => refuse("the file has no rows"),
        n if n > MOST_ROWS => refuse(format!("the file has {n} rows; {MOST_ROWS} are taken at most")),
        _ => Ok(rows),
    }
}

fn from_json_lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn columns(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Levels => &[
            "location",
            "sku",
            "delta",
            "set",
            "state",
            "reason",
            "lot",
            "note",
            "safety_stock",
            "reorder_threshold",
            "reorder_quantity",
            "backorder_limit",
        ],
        ImportKind::Counts => &["count_id", "sku", "lot", "quantity", "counted_at"],
        ImportKind::Receipts => &[
            "location",
            "purchase_order_id",
            "supplier_id",
            "reference",
            "sku",
            "scan",
            "lot",
            "made_on",
            "expires_on",
            "pao_months",
            "accepted",
            "rejected",
            "condition",
        ],
    }
}

fn from_csv(kind: ImportKind, text: &str) -> Result<Vec<String>> {
    let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let names = csv.headers().map_err(|error| Error::refused(Code::InvalidRow, error.to_string()))?.clone();
    if let Some(name) = names.iter().find(|name| !columns(kind).contains(name)) {
        return refuse(format!("{kind} have no column {name:?}; they may have {}", columns(kind).join(", ")));
    }
    let row = |record: csv::Result<csv::StringRecord>| match record {
        Ok(record) => object(&names, &record),
        Err(error) => Value::String(error.to_string()),
    };
    Ok(csv.records().map(row).map(|row| row.to_string()).collect())
}

/// A row as an object; empty cells are absent, and cells beyond the heading make it unreadable.
fn object(names: &csv::StringRecord, record: &csv::StringRecord) -> Value {
    let mut cells = Map::new();
    for (at, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let Some(name) = names.get(at) else { return Value::String(format!("the row has {} cells", record.len())) };
        let value = match cell.parse::<i64>() {
            Ok(number) if NUMBERS.contains(&name) => number.into(),
            _ => cell.into(),
        };
        cells.insert(name.to_owned(), value);
    }
    Value::Object(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_csv_row_says_what_a_json_line_says() {
        let csv = "location,sku,delta,reason,note\nPARIS,LIP-1,-2,sample,\"for, say, Ada\"\n";
        let rows = split(ImportKind::Levels, csv.as_bytes(), true).unwrap();
        let line = r#"{"location":"PARIS","sku":"LIP-1","delta":-2,"reason":"sample","note":"for, say, Ada"}"#;
        let json = split(ImportKind::Levels, line.as_bytes(), false).unwrap();
        for row in [&rows[0], &json[0]] {
            let Change::By(booking) = read::<LevelRow>(row).unwrap().change().unwrap() else { panic!("{row}") };
            assert_eq!((booking.units, &*booking.reason), (-2, "sample"));
            assert_eq!(booking.note.as_deref(), Some("for, say, Ada"));
        }
    }

    #[test]
    fn a_file_that_cannot_be_split_is_refused_and_a_row_that_cannot_be_read_is_one_rows_fault() {
        for bad in ["location,nonsense\nA,B\n", "", "location,sku\n"] {
            assert_eq!(split(ImportKind::Levels, bad.as_bytes(), true).unwrap_err().code(), Code::InvalidRow, "{bad}");
        }
        let rows = split(ImportKind::Counts, b"count_id,sku,quantity\nx,y,1,too,many\n", true).unwrap();
        assert!(read::<CountRow>(&rows[0]).is_err());
        for bad in [r#"{"location":"A","sku":"B"}"#, r#"{"location":"A","sku":"B","delta":1,"set":1,"reason":"count"}"#]
        {
            assert!(read::<LevelRow>(bad).unwrap().change().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_file_makes_the_reader_panic(text in "\\PC{0,200}", lines in "[a-z,\"\n0-9-]{0,200}", is_csv: bool) {
            for kind in ImportKind::ALL {
                for text in [&text, &lines, &format!("sku,location\n{lines}")] {
                    for row in split(*kind, text.as_bytes(), is_csv).unwrap_or_default() {
                        let _ = read::<LevelRow>(&row).map(LevelRow::change);
                        let _ = read::<CountRow>(&row).map(CountRow::counted);
                        let _ = read::<ReceiptRow>(&row).map(ReceiptRow::arriving);
                    }
                }
            }
        }
    }
}
