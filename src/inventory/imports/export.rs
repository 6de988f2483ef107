//! The rows of a location on their way out. What is exported of levels can be read in again as a count of what is
//! there.
use super::StockRows;
use crate::{
    inventory::{
        counts,
        locations::Location,
        lots::ChannelOffer,
        purchasing,
        read::{LevelsAt, levels_at, with_skus},
    },
    kernel::{Locations, PageRequest, Result},
    platform::{
        db::Read,
        files::{Format, heading_of, lines_of},
    },
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

/// Rows read at once.
const PAGE: i64 = 1_000;

/// The rows that are exported, the format of the file, and the moment.
#[derive(Debug, Clone, Copy)]
pub struct StockFile {
    pub kind: StockRows,
    pub format: Format,
    pub now: DateTime<Utc>,
}

/// All rows of a kind at a location.
pub fn export(db: &mut Read, location: &Location, costs: &Locations, export: StockFile) -> Result<String> {
    let StockFile { kind, format, now } = export;
    let rows = match kind {
        StockRows::Levels => levels(db, location, now)?,
        StockRows::Counts => count_lines(db, location)?,
        StockRows::Receipts => receipt_lines(db, location, costs)?,
    };
    let heading = heading(kind, costs.include(location.id));
    Ok(heading_of(format, &heading)? + &lines_of(format, &heading, &rows)?)
}

/// The columns of a kind; those of costs only for whoever may see them.
fn heading(kind: StockRows, has_costs: bool) -> Vec<&'static str> {
    let of_costs: &[&str] = match kind {
        StockRows::Receipts if has_costs => &["unit_cost_minor", "currency", "exchange_rate"],
        _ => &[],
    };
    [columns(kind), of_costs].concat()
}

fn columns(kind: StockRows) -> &'static [&'static str] {
    match kind {
        StockRows::Levels => &[
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
        StockRows::Counts => {
            &["location", "count_id", "status", "sku", "lot", "expected", "counted", "variance", "counted_at"]
        }
        StockRows::Receipts => &[
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
