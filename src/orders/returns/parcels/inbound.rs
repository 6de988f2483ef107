//! A return that is made of a parcel which is coming back.
use crate::orders::returns::{
    arrived,
    model::{ComponentBack, Return, ReturnLine, ReturnReason},
    rules::{self},
};
use crate::{
    kernel::{Result, VariantId},
    orders::{
        fulfillment::lines_in,
        model::BundleComponent,
        store::{OrderLine, OrderRow, Shipment},
    },
};
use std::collections::{BTreeMap, HashMap};

/// The way back of a parcel whose rest is lost on it.
#[derive(Default)]
pub(super) struct Inbound {
    /// The returns that waited for it, rejected.
    pub(super) given_up: Vec<Return>,
    /// The units of it that came in, by line and variant.
    pub(super) came: BTreeMap<(i32, VariantId), i32>,
}

/// The units in a parcel by line and variant. Where more has come back of a line than of its other parcels, because a
/// unit of another line was taken for it, that other line stands in for it. What came in of the parcel itself is not in
/// it any more.
pub(super) fn coming_back(
    row: &OrderRow,
    parcel: &Shipment,
    coming: &[ReturnLine],
    came: &BTreeMap<(i32, VariantId), i32>,
) -> Result<BTreeMap<(i32, VariantId), i32>> {
    let mut sent: BTreeMap<(i32, VariantId), i32> = BTreeMap::new();
    for other in &row.shipments {
        for of in lines_in(row, other)? {
            *sent.entry((of.line_no, of.variant_id)).or_default() += of.quantity;
        }
    }
    for line in &row.lines {
        for (variant, units) in rules::units_in(line, coming.iter())? {
            *sent.entry((line.line_no, variant)).or_default() -= units;
        }
    }
    let mut held = BTreeMap::new();
    let mut lacking: BTreeMap<VariantId, i32> = BTreeMap::new();
    for mut of in lines_in(row, parcel)? {
        of.quantity -= came.get(&(of.line_no, of.variant_id)).copied().unwrap_or(0).min(of.quantity);
        let here = sent.entry((of.line_no, of.variant_id)).or_default();
        let units = of.quantity.min(*here).max(0);
        *here -= units;
        *held.entry((of.line_no, of.variant_id)).or_default() += units;
        *lacking.entry(of.variant_id).or_default() += of.quantity - units;
    }
    for ((no, variant), left) in sent {
        let lacking = lacking.entry(variant).or_default();
        let units = left.min(*lacking).max(0);
        *lacking -= units;
        *held.entry((no, variant)).or_default() += units;
    }
    Ok(held)
}

/// The part of a line that was in a parcel and has not come back before: whole units, or, where not all parts of a
/// bundle were in it, parts.
pub(super) fn line_of(
    line: &OrderLine,
    reason: ReturnReason,
    held: &HashMap<VariantId, i32>,
    before: &HashMap<VariantId, i32>,
) -> Option<ReturnLine> {
    let of = |of: &HashMap<VariantId, i32>, variant| of.get(&variant).copied().unwrap_or(0);
    let parts = line.parts();
    let mut components = vec![];
    for part in &parts {
        let sold = line.quantity.saturating_mul(part.quantity);
        // A part of a bundle may have left before the rest of the bundle was given up: it comes back for no money.
        let most = if line.is_bundle() { i32::MAX } else { sold - of(before, part.variant_id) };
        let quantity = of(held, part.variant_id).min(most).max(0);
        components.push(ComponentBack { variant_id: part.variant_id, quantity, received: None, worth_minor: 0 });
    }
    let per = |(part, back): (&BundleComponent, &ComponentBack)| back.quantity / part.quantity.max(1);
    let whole = parts.iter().zip(&components).map(per).min().unwrap_or(0);
    let is_sold = |part: &BundleComponent| {
        let sold = line.quantity.saturating_mul(part.quantity);
        sold - of(before, part.variant_id) >= whole.saturating_mul(part.quantity)
    };
    let is_whole = parts.iter().zip(&components).all(|(part, back)| back.quantity == whole * part.quantity)
        && parts.iter().all(is_sold);
    components.retain(|back| back.quantity > 0);
    if components.is_empty() {
        return None;
    }
    let mut back = ReturnLine {
        line_no: line.line_no,
        quantity: whole,
        reason,
        unit_minor: line.unit_minor,
        whole_minor: 0,
        received: None,
        components,
        tax_minor: 0,
    };
    if is_whole {
        back.components.clear();
    } else {
        back.quantity = arrived::bundles_of(&back, line);
    }
    back.price(line, before);
    Some(back)
}
