//! Units of lines of an order as bodies name them.
use crate::{
    kernel::Quantity,
    platform::http::{each_once, entries},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

/// Units of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineUnits {
    /// The number of the line in its document, from 1.
    pub line_no: i32,
    /// Units.
    pub quantity: Quantity,
}

/// Checks that no line is named twice.
pub fn each_line_once(lines: &[LineUnits]) -> std::result::Result<(), ValidationError> {
    let numbers: Vec<_> = lines.iter().map(|line| line.line_no).collect();
    entries(each_once(&numbers, "line_no", "each line is named once"))
}

/// The lines as pairs of number and units.
pub fn pairs(lines: Vec<LineUnits>) -> Vec<(i32, i32)> {
    lines.into_iter().map(|line| (line.line_no, line.quantity.get())).collect()
}
