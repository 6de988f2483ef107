//! Money taken for orders. Promises: no payment refunds more than it captured or captures more than was
//! authorised. The only gateway so far is `manual`: a till or a person has taken the money and says so.
pub mod events;
mod schema;
mod store;
mod till;

use crate::{
    kernel::{LocationId, Money, OrderId, PaymentId, Places, Result},
    platform::db::Read,
};
pub use store::{Gateway, Payment, PaymentStatus};
pub use till::Till;

/// Money that was taken.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// For which order.
    pub order: OrderId,
    /// Where the order is filled.
    pub location: LocationId,
    /// How.
    pub gateway: Gateway,
    /// How much.
    pub amount: Money,
    /// The payer's or the till's own reference.
    pub reference: Option<String>,
}

/// Payments by id, as far as one may see their orders' locations.
pub fn payments_by_id(db: &mut Read, places: &Places, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    let found = store::payments_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|payment| places.include(payment.location_id)).collect())
}

/// The payments of orders, oldest first.
pub fn payments_of(db: &mut Read, orders: &[OrderId]) -> Result<Vec<Payment>> {
    store::payments_of(db.conn(), orders)
}
