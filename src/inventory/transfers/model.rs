//! The filter of a list of transfers.
use crate::{inventory::transfers::TransferStatus, kernel::LocationId};

/// Which transfers.
#[derive(Debug, Clone, Default)]
pub struct TransferFilter {
    /// Leaving or reaching this location.
    pub location: Option<LocationId>,
    pub status: Option<TransferStatus>,
    /// With this number.
    pub number: Option<i64>,
}
