//! Lines of returns as bodies name them: whole units, or parts of a bundle.
use crate::{
    kernel::{Quantity, VariantId},
    orders::returns::{
        model::{LineArrived, ReturnReason},
        request::LineAsked,
    },
    platform::http::{each_once, entries},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

/// The part of a line of the order that is to come back: `quantity` whole units, or `components` of a bundle.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBack {
    /// The number of the line in its document, from 1.
    line_no: i32,
    /// Whole units. Left out where components are named.
    quantity: Option<Quantity>,
    /// Parts of a bundle that come back without the rest of it.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[schema(min_items = 1, max_items = 100)]
    components: Vec<ComponentUnits>,
    /// Why the units come back.
    #[schema(inline)]
    reason: ReturnReason,
}

/// Units of a bundle's part.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComponentUnits {
    /// One of the line's `components`.
    variant_id: VariantId,
    /// Units.
    quantity: Quantity,
}

/// The part of a line of the return that arrived: `quantity` whole units, or `components` of a bundle.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineCame {
    /// The number of the line in its document, from 1.
    line_no: i32,
    /// Whole units. Left out where components are named.
    quantity: Option<Quantity>,
    /// Parts of a bundle that arrived, where not all of it did. Parts that are not named have not.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[schema(min_items = 1, max_items = 100)]
    components: Vec<ComponentUnits>,
}

impl LineBack {
    /// As the module knows it.
    pub fn asked(self) -> LineAsked {
        LineAsked {
            line_no: self.line_no,
            units: self.quantity.map(Quantity::get),
            parts: pairs(&self.components),
            reason: self.reason,
        }
    }
}

impl LineCame {
    /// As the module knows it.
    pub fn arrived(self) -> LineArrived {
        LineArrived { line_no: self.line_no, units: self.quantity.map(Quantity::get), parts: pairs(&self.components) }
    }
}

fn pairs(components: &[ComponentUnits]) -> Vec<(VariantId, i32)> {
    components.iter().map(|part| (part.variant_id, part.quantity.get())).collect()
}

/// Refuses a line that is named twice, or that names not exactly one of whole units and components.
pub fn are_asked_well(lines: &[LineBack]) -> Result<(), ValidationError> {
    check(lines.iter().map(|line| (line.line_no, line.quantity.is_some(), &*line.components)))
}

/// Refuses goods that are handed over and are said not to have arrived; pointers are those of the body.
pub fn are_here(lines: &[LineBack]) -> Result<(), ValidationError> {
    let is_elsewhere = |line: &LineBack| matches!(line.reason, ReturnReason::Lost | ReturnReason::Undeliverable);
    let away = (0..).zip(lines).filter(|(_, line)| is_elsewhere(line));
    let said = "goods that are handed over were neither lost nor undeliverable: name another reason, or no location_id";
    entries(away.map(|(at, _): (usize, _)| (format!("/lines/{at}/reason"), said.to_owned())))
}

/// The same of lines that arrived.
pub fn have_arrived_well(lines: &[LineCame]) -> Result<(), ValidationError> {
    check(lines.iter().map(|line| (line.line_no, line.quantity.is_some(), &*line.components)))
}

fn check<'a>(lines: impl Iterator<Item = (i32, bool, &'a [ComponentUnits])>) -> Result<(), ValidationError> {
    let lines: Vec<_> = lines.collect();
    let numbers: Vec<_> = lines.iter().map(|line| line.0).collect();
    let mut faults = each_once(&numbers, "line_no", "each line is named once");
    for (at, (_, has_units, parts)) in lines.into_iter().enumerate() {
        if has_units != parts.is_empty() {
            faults.push((format!("/{at}/quantity"), "a line has either a quantity or components".to_owned()));
        }
        if parts.len() > 100 {
            faults.push((format!("/{at}/components"), "at most 100 components".to_owned()));
            continue;
        }
        let variants: Vec<_> = parts.iter().map(|part| part.variant_id).collect();
        let twice = each_once(&variants, "variant_id", "each component is named once");
        faults.extend(twice.into_iter().map(|(part, said)| (format!("/{at}/components{part}"), said)));
    }
    entries(faults)
}
