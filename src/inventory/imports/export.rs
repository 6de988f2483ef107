//! The rows of a location on their way out. What is exported of levels can be read in again as a count of what is
//! there.
use super::ImportKind;
use crate::{
    inventory::{
        counts,
        locations::Location,
        lots::ChannelOffer,
        purchasing,
        read::{LevelsAt, levels_at, with_skus},
    },
    kernel::{Locations, PageRequest, Result},
    platform::db::Read,
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

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

/// Rows read at once.
const PAGE: i64 = 1_000;

/// The rows that are exported, the format of the file, and the moment.
#[derive(Debug, Clone, Copy)]
pub struct Export {
    pub kind: ImportKind,
    pub format: Format,
    pub now: DateTime<Utc>,
}

/// All rows of a kind at a location.
pub fn export(db: &mut Read, location: &Location, costs: &Locations, export: Export) -> Result<String> {
    let Export { kind, format, now } = export;
    let rows = match kind {
        ImportKind::Levels => levels(db, location, now)?,
        ImportKind::Counts => count_lines(db, location)?,
        ImportKind::Receipts => receipt_lines(db, location, costs)?,
    };
    match format {
        Format::JsonLines => Ok(rows.iter().map(|row| format!("{row}\n")).collect()),
        Format::Csv => csv_of(&heading(kind, costs.include(location.id)), &rows),
    }
}

/// The columns of a kind; those of costs only for whoever may see them.
fn heading(kind: ImportKind, has_costs: bool) -> Vec<&'static str> {
    let of_costs: &[&str] = match kind {
        ImportKind::Receipts if has_costs => &["unit_cost_minor", "currency", "exchange_rate"],
        _ => &[],
    };
    [columns(kind), of_costs].concat()
}

fn columns(kind: ImportKind) -> &'static [&'static str] {
    match kind {
        ImportKind::Levels => &[
            "location",
            "sku",
            "on_hand",
            "quantity_available",
            "damaged",
            "quality_hold",
            "returned",
            "expired",
            "allocated",
            "reserved",
            "in_transit",
            "safety_stock",
            "reorder_threshold",
            "reorder_quantity",
            "backorder_limit",
            "uncovered",
        ],
        ImportKind::Counts => {
            &["location", "count_id", "status", "sku", "lot", "expected", "counted", "variance", "counted_at"]
        }
        ImportKind::Receipts => &[
            "location",
            "receipt_id",
            "purchase_order_id",
            "reference",
            "sku",
            "lot",
            "expires_on",
            "accepted",
            "rejected",
            "condition",
            "created_at",
        ],
    }
}

fn levels(db: &mut Read, location: &Location, now: DateTime<Utc>) -> Result<Vec<Value>> {
    let (mut rows, mut after) = (vec![], None);
    loop {
        let page = PageRequest { limit: PAGE, after };
        let mut levels =
            levels_at(db, &Locations::Everywhere, LevelsAt { locations: &[location.id], only: None, now }, &page)?;
        let is_last = levels.len() <= usize::try_from(PAGE).unwrap_or(usize::MAX);
        levels.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        after = levels.last().map(|level| level.variant_id);
        for view in with_skus(db, levels, ChannelOffer::default())? {
            rows.push(row(location, view, [])?);
        }
        if is_last {
            return Ok(rows);
        }
    }
}

/// A record with the location's code, and what it belongs to.
fn row<const N: usize>(location: &Location, record: impl Serialize, of: [(&str, Value); N]) -> Result<Value> {
    let mut record = serde_json::to_value(record).context("a record is JSON")?;
    if let Some(fields) = record.as_object_mut() {
        fields.insert("location".into(), location.code.clone().into());
        fields.extend(of.map(|(name, value)| (name.to_owned(), value)));
    }
    Ok(record)
}

fn count_lines(db: &mut Read, location: &Location) -> Result<Vec<Value>> {
    let (mut rows, mut after, here) = (vec![], None, Locations::Only([location.id].into()));
    loop {
        let page = counts::counts(
            db,
            &here,
            crate::inventory::counts::model::CountFilter::default(),
            &PageRequest { limit: 100, after },
        )?;
        after = page.rows.last().map(|head| head.id);
        for head in &page.rows {
            let count = counts::count_view(db, &Locations::Everywhere, head.id)?;
            for line in count.lines {
                rows.push(row(location, line, [("count_id", json!(head.id)), ("status", json!(head.status))])?);
            }
        }
        if !page.has_more {
            return Ok(rows);
        }
    }
}

fn receipt_lines(db: &mut Read, location: &Location, costs: &Locations) -> Result<Vec<Value>> {
    let (mut rows, mut after) = (vec![], None);
    loop {
        let page = purchasing::receipts(db, location.id, costs, &PageRequest { limit: 200, after })?;
        after = page.rows.last().map(|receipt| receipt.head.id);
        for receipt in page.rows {
            let (head, rate) = (receipt.head, receipt.exchange_rate);
            let currency = head.currency.filter(|_| costs.include(location.id));
            for line in receipt.lines {
                let of = [
                    ("receipt_id", json!(head.id)),
                    ("purchase_order_id", json!(head.purchase_order_id)),
                    ("reference", json!(head.reference)),
                    ("created_at", json!(head.created_at)),
                    ("unit_cost_minor", json!(line.unit_cost.map(|cost| cost.amount_minor))),
                    ("currency", json!(currency)),
                    ("exchange_rate", json!(rate)),
                ];
                let mut row = row(location, line, of)?;
                // A row of a file names its currency beside the amount, as the rows do that come in.
                row.as_object_mut().and_then(|fields| fields.remove("unit_cost"));
                rows.push(row);
            }
        }
        if !page.has_more {
            return Ok(rows);
        }
    }
}

fn csv_of(heading: &[&str], rows: &[Value]) -> Result<String> {
    let mut csv = csv::Writer::from_writer(vec![]);
    csv.write_record(heading).context("writing CSV")?;
    for row in rows {
        let cell = |name: &&str| match row.get(*name).unwrap_or(&Value::Null) {
            Value::Null => String::new(),
            Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        csv.write_record(heading.iter().map(cell)).context("writing CSV")?;
    }
    let bytes = csv.into_inner().map_err(|error| anyhow::anyhow!("writing CSV: {error}"))?;
    Ok(String::from_utf8(bytes).context("CSV is text")?)
}
