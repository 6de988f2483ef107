//! Reservations in memory, and the allocations that they were converted into.
use crate::{
    inventory::{
        model::{AllocationStatus, ReservationStatus},
        reservations::{Reservation, ReservationLine},
        store::Allocation,
    },
    kernel::{Code, Error, LocationId, OrderId, ReservationId, Result},
};

/// A hold in memory, with what it has become.
#[derive(Debug, Clone)]
pub struct HeldReservation {
    /// The reservation itself.
    pub reservation: Reservation,
    /// The units that it reserves.
    pub lines: Vec<ReservationLine>,
    /// Promises that it was converted into and that are still open.
    pub(in crate::inventory::stock) open: Vec<Allocation>,
    pub(in crate::inventory::stock) is_new: bool,
    pub(in crate::inventory::stock) is_changed: bool,
}

/// A part of what an order has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllocationScope {
    /// Everything.
    All,
    /// The units that it has at a location.
    At(LocationId),
    /// The order for which these reservations were made.
    Of(Vec<ReservationId>),
}

/// A promise to an order, as it stands after the batch.
#[derive(Debug, Clone, Copy)]
pub struct AllocationChange {
    /// To which order.
    pub order: OrderId,
    /// Of what, where.
    pub allocation: Allocation,
    /// The status.
    pub status: AllocationStatus,
}

/// Refuses unless the hold is active: its state decides, not the clock.
pub fn require_active(reservation: &Reservation) -> Result<()> {
    match reservation.status {
        ReservationStatus::Active => Ok(()),
        ended => Err(Error::refused(Code::ReservationNotActive, format!("reservation {} is {ended}", reservation.id))),
    }
}
