//! Money taken for orders. Promises: no payment refunds more than it captured or captures more than was
//! authorised. The only gateway so far is `manual`: a till or a person has taken the money and says so.
pub mod events;
mod schema;
mod store;

use crate::{
    kernel::{LocationId, Money, OrderId, PaymentId, Places, Result},
    platform::db::{Read, Write},
};
pub use store::{Gateway, Payment, PaymentStatus};

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

/// Records money that was taken by hand: authorised and captured at once.
pub fn record(tx: &mut Write, new: &NewPayment) -> Result<Payment> {
    let payment = store::insert(tx, new)?;
    events::captured(tx, &payment)?;
    Ok(payment)
}

/// Gives back everything that was captured for an order and returns the sum in minor units.
pub fn refund_all(tx: &mut Write, order: OrderId) -> Result<i64> {
    let refunded = store::refund_all(tx, order)?;
    let mut sum: i64 = 0;
    for (payment, amount) in refunded {
        sum = sum.saturating_add(amount);
        events::refunded(tx, &payment, amount)?;
    }
    Ok(sum)
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
