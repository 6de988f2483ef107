//! Rows of files; each becomes what a single request would say.
mod columns;
pub use columns::{COUNTS, LEVELS, RECEIPTS};

use crate::{
    inventory::{
        costs::{CostTerms, ExchangeRate, MOST_MINOR},
        counts::CountEntry,
        levels::{Booking, LevelChange, store::Thresholds},
        lots::Printed,
        model::State,
        purchasing::{
            ArrivalCondition,
            model::{Arriving, What},
        },
    },
    kernel::{
        Code, CountId, Error, Note, PurchaseOrderId, Quantity, ReceiptId, Result, Sku, SupplierId, Text,
        money::Currency,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

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
    /// The status of its count; in exports only.
    status: Option<Text<32>>,
    sku: Sku,
    lot: Option<Text<20>>,
    quantity: Option<i32>,
    counted_at: Option<DateTime<Utc>>,
}

/// An arrival of one line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// A location's id or code.
    pub location: Text<64>,
    /// The receipt that holds it; in exports only.
    pub receipt_id: Option<ReceiptId>,
    pub purchase_order_id: Option<PurchaseOrderId>,
    pub supplier_id: Option<SupplierId>,
    pub reference: Option<Text<100>>,
    sku: Option<Sku>,
    scan: Option<String>,
    lot: Option<Text<20>>,
    made_on: Option<NaiveDate>,
    pub expires_on: Option<NaiveDate>,
    pao_months: Option<i32>,
    #[serde(default)]
    pub accepted: i32,
    #[serde(default)]
    pub rejected: i32,
    pub condition: Option<ArrivalCondition>,
    unit_cost_minor: Option<i64>,
    currency: Option<Currency>,
    exchange_rate: Option<ExchangeRate>,
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
    /// The change of the level.
    pub fn change(self) -> Result<LevelChange> {
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
            (Some(delta), None, Some(reason), false) => Ok(LevelChange::By(booking(delta, reason))),
            (None, Some(set), Some(reason), false) => Ok(LevelChange::To(booking(set, reason))),
            (None, None, None, true) => Ok(LevelChange::Thresholds(limits)),
            _ => refuse("a row has either delta with reason, or set with reason, or thresholds"),
        }
    }
}

impl CountRow {
    /// Tells if the row is of an export.
    pub fn is_of_export(&self) -> bool {
        self.status.is_some()
    }

    /// Units that were counted, if anyone has.
    pub fn quantity(&self) -> Option<i32> {
        self.quantity
    }

    /// The SKU and the lot's code.
    pub fn goods(&self) -> (&str, Option<&str>) {
        (self.sku.as_str(), self.lot.as_deref())
    }

    /// The count.
    pub fn counted(self) -> Result<CountEntry> {
        let Some(quantity) = in_range("quantity", self.quantity, 0, Quantity::MAX)? else {
            return refuse("quantity is missing or empty");
        };
        Ok(CountEntry { sku: self.sku, lot: self.lot.map(String::from), quantity, counted_at: self.counted_at })
    }
}

impl ReceiptRow {
    /// The SKU and the lot's code.
    pub fn goods(&self) -> (Option<&str>, Option<&str>) {
        (self.sku.as_ref().map(Sku::as_str), self.lot.as_deref())
    }

    /// The cost of a unit in minor units of the row's currency, if it says one.
    pub fn cost(&self) -> Option<(i64, Option<Currency>)> {
        self.unit_cost_minor.map(|minor| (minor, self.currency))
    }

    /// In which currency its cost is.
    pub fn terms(&self) -> CostTerms {
        CostTerms { currency: self.currency, rate: self.exchange_rate }
    }

    /// The arrival.
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
        let condition = self.condition.unwrap_or(ArrivalCondition::Sellable);
        let unit_cost_minor = match self.unit_cost_minor {
            Some(minor) if !(0..=MOST_MINOR).contains(&minor) => {
                return refuse(format!("unit_cost_minor must be 0 to {MOST_MINOR}, not {minor}"));
            }
            other => other,
        };
        Ok(Arriving { what, lot: self.lot.map(printed), accepted, rejected, condition, unit_cost_minor })
    }
}

#[cfg(test)]
mod tests;
