//! The timeline of an order: one entry for each of its versions, with who did it and why. Entries are only added.
use super::{
    model::OrderEventKind,
    rules::OrderMove,
    store::{self, OrderEvent},
};
use crate::{
    kernel::{Actor, Error, Locations, OrderId, PrincipalId, Result},
    platform::db::Read,
};

/// The user who does something to an order, and the reason.
#[derive(Debug, Clone, Copy, Default)]
pub struct By<'a> {
    pub actor: Option<PrincipalId>,
    pub reason: Option<&'a str>,
}

impl<'a> By<'a> {
    /// Someone, without a reason. The service itself is no one.
    pub fn of(actor: &Actor) -> Self {
        Self { actor: (!actor.id.0.is_nil()).then_some(actor.id), reason: None }
    }

    /// For a reason.
    pub fn for_reason(self, reason: Option<&'a str>) -> Self {
        Self { reason, ..self }
    }
}

impl From<OrderMove> for OrderEventKind {
    fn from(step: OrderMove) -> Self {
        match step {
            OrderMove::Confirm => Self::Confirmed,
            OrderMove::Process => Self::Processing,
            OrderMove::Ship => Self::Shipped,
            OrderMove::Deliver => Self::Delivered,
            OrderMove::Cancel => Self::Canceled,
            OrderMove::Return => Self::Returned,
        }
    }
}

/// The timeline of an order, the first entry first.
pub fn timeline(db: &mut Read, locations: &Locations, id: OrderId) -> Result<Vec<OrderEvent>> {
    let found = super::read::orders_by_id(db, locations, &[id])?.pop();
    let order = found.ok_or_else(|| Error::not_found("order"))?;
    events_of(db, &[order.id])
}

/// The timelines of orders.
pub fn events_of(db: &mut Read, ids: &[OrderId]) -> Result<Vec<OrderEvent>> {
    Ok(store::events_of(db.conn(), ids)?)
}
