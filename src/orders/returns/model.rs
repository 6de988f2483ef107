//! Words and records of returns.
mod cases;
pub use cases::{Case, CaseFilter, CaseKey};
mod states;
pub use states::{Condition, Disposition, ReturnReason, ReturnStatus};

use crate::{
    inventory::Demand,
    kernel::{LocationId, LotId, OrderId, PrincipalId, Result, ReturnId, VariantId},
    orders::store::{OrderLine, OrderRow},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;

/// Units of a line that come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLine {
    /// The line of the order.
    pub line_no: i32,
    /// Units.
    pub quantity: i32,
    /// Why the units come back.
    pub reason: ReturnReason,
    /// The price of one before discounts, in minor units.
    pub unit_minor: i64,
    /// The price of the whole units that came back of it, or are to, in minor units.
    pub whole_minor: i64,
    /// Units that arrived; null until some have.
    pub received: Option<i32>,
    /// The parts of a bundle that come back, where it is not whole units that do. `quantity` is then the number of
    /// bundles that they are of.
    pub components: Vec<ComponentBack>,
    /// The tax within the price of what came back of it, or is to, in minor units.
    pub tax_minor: i64,
}

/// Units of a bundle's part that come back without the rest of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentBack {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units.
    pub quantity: i32,
    /// Units that arrived; null until some have.
    pub received: Option<i32>,
    /// Their share of the bundle's price, in minor units.
    pub worth_minor: i64,
}

impl ComponentBack {
    /// Units that came back, or are to.
    pub fn units(&self) -> i32 {
        self.received.unwrap_or(self.quantity)
    }
}

impl ReturnLine {
    /// Whole units that came back, or are to.
    pub fn whole_units(&self) -> i32 {
        if self.components.is_empty() { self.received.unwrap_or(self.quantity) } else { 0 }
    }

    /// Parts of bundles that came back alone, or are to.
    pub fn alone(&self) -> Vec<(VariantId, i32)> {
        let units = self.components.iter().map(|part| (part.variant_id, part.units()));
        units.filter(|(_, units)| *units > 0).collect()
    }

    /// Its goods, given the line of the order.
    pub fn goods(&self, of_order: &OrderLine) -> Result<Demand> {
        let mut goods = Demand::default();
        if self.whole_units() > 0 {
            goods = of_order.goods(self.whole_units())?;
        }
        self.alone().into_iter().try_for_each(|(variant, units)| goods.add(variant, units))?;
        Ok(goods)
    }

    /// The price of what came back of it, or is to, in minor units.
    pub fn worth(&self) -> i64 {
        let parts: i64 = self.components.iter().map(|part| part.worth_minor).sum();
        self.whole_minor.saturating_add(parts)
    }

    /// Prices its units and parts and finds its tax, when units were counted before.
    pub fn price(&mut self, of_order: &OrderLine, before: &HashMap<VariantId, i32>) {
        let whole = self.whole_units();
        let mut listed = of_order.before_tax_of(before);
        let mut more = |minor: i64| {
            let before = of_order.with_tax(listed);
            listed = listed.saturating_add(minor);
            of_order.with_tax(listed) - before
        };
        self.whole_minor = 0;
        for part in of_order.part_prices() {
            let sold = of_order.quantity.saturating_mul(part.per);
            let counted = before.get(&part.variant_id).copied().unwrap_or(0).min(sold);
            self.whole_minor += more(part.worth(counted, whole.saturating_mul(part.per).min(sold - counted)));
            for back in self.components.iter_mut().filter(|back| back.variant_id == part.variant_id) {
                // The price of bundles that were given up has gone back already.
                back.worth_minor = more(part.worth(counted, back.units().min(sold - counted)));
            }
        }
        let worth_before = of_order.worth_of(before);
        let within = |minor: i64| of_order.tax().map_or(0, |tax| tax.within(minor));
        self.tax_minor = within(worth_before.saturating_add(self.worth())) - within(worth_before);
    }
}

/// Units that came back, of one lot or of none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Goods {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Identifies the lot; null for units without one.
    pub lot_id: Option<LotId>,
    /// Units.
    pub quantity: i32,
}

/// The condition of some units, and their disposition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Identifies the lot; null for units without one.
    pub lot_id: Option<LotId>,
    /// Units.
    pub quantity: i32,
    /// The condition of the units.
    #[schema(inline)]
    pub condition: Condition,
    /// The further use of the units.
    #[schema(inline)]
    pub disposition: Disposition,
}

/// A return, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    pub id: ReturnId,
    /// The number that people use: the order's, with a count.
    pub number: String,
    pub order_id: OrderId,
    pub status: ReturnStatus,
    /// The location at which the goods came in.
    pub location_id: Option<LocationId>,
    pub is_returnless: bool,
    pub note: Option<String>,
    pub refund_minor: i64,
    pub withheld_minor: i64,
    pub goods: Vec<Goods>,
    pub inspection: Vec<Found>,
    pub requested_by: PrincipalId,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The return of which these units did not arrive.
    pub rest_of: Option<ReturnId>,
    /// The share of the charge for shipping that is given back with it, and the tax within that, in minor units.
    pub shipping_minor: i64,
    pub shipping_tax_minor: i64,
    pub lines: Vec<ReturnLine>,
}

impl Return {
    /// A return of an order that someone asks for: its number is the order's with a count.
    pub fn asked(
        order_id: OrderId,
        number: String,
        lines: Vec<ReturnLine>,
        requested_by: PrincipalId,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: ReturnId::new(),
            number,
            order_id,
            status: ReturnStatus::Requested,
            location_id: None,
            is_returnless: false,
            note: None,
            refund_minor: 0,
            withheld_minor: 0,
            goods: vec![],
            inspection: vec![],
            requested_by,
            version: 1,
            created_at: now,
            updated_at: now,
            rest_of: None,
            shipping_minor: 0,
            shipping_tax_minor: 0,
            lines,
        }
    }

    /// The price of its units, in minor units.
    pub fn worth(&self) -> i64 {
        self.lines.iter().map(ReturnLine::worth).sum()
    }

    /// The amount that is no longer owed once it is closed, in minor units: the price of its units and the share of
    /// the shipping, less what is withheld.
    pub fn credited_minor(&self) -> i64 {
        self.worth() - self.withheld_minor + self.shipping_minor
    }
}

/// Which returns.
#[derive(Debug, Clone, Default)]
pub struct ReturnFilter {
    pub status: Option<ReturnStatus>,
    pub order: Option<OrderId>,
    /// Received here.
    pub location: Option<LocationId>,
    /// With this number.
    pub number: Option<String>,
}

/// A return's place in the list: by time, then id.
pub type ReturnKey = (DateTime<Utc>, ReturnId);

/// The units of a line of a return that arrived.
#[derive(Debug, Clone)]
pub struct LineArrived {
    pub line_no: i32,
    /// Whole units; none where parts of a bundle are named.
    pub units: Option<i32>,
    pub parts: Vec<(VariantId, i32)>,
}

/// The line of an order that comes back.
pub fn of_order(row: &OrderRow, line_no: i32) -> Result<&OrderLine> {
    let found = row.lines.iter().find(|line| line.line_no == line_no);
    found.ok_or_else(|| anyhow::anyhow!("a return of a line that is not there").into())
}
