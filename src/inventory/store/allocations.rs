//! Promises to orders.
use crate::kernel::{LocationId, VariantId};

/// Units promised to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub quantity: i32,
}
