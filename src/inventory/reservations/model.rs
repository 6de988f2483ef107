//! The filter of a list of reservations.
use crate::{inventory::model::ReservationStatus, kernel::LocationId};

/// Which reservations.
#[derive(Debug, Clone, Default)]
pub struct ReservationFilter {
    pub location: Option<LocationId>,
    pub status: Option<ReservationStatus>,
    /// The caller's own reference.
    pub reference: Option<String>,
}
