//! Looks at payments, and notes about what is still to be asked of gateways.
use super::store::{self, Operation, Payment};
use crate::{
    kernel::{Locations, OrderId, Page, PageRequest, PaymentId, Result},
    payments::status::GatewayKind,
    platform::db::{Read, Write},
};
use chrono::{DateTime, Utc};

/// Payments by id, as far as one may see their orders' locations.
pub fn payments_by_id(db: &mut Read, locations: &Locations, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    let found = store::payments_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|payment| locations.include(payment.location_id)).collect())
}

/// A page of payments that need a person, oldest first, as far as one may see their orders' locations.
pub fn failed_payments(db: &mut Read, locations: &Locations, page: &PageRequest<PaymentId>) -> Result<Page<Payment>> {
    Ok(Page::of(store::failed_payments(db.conn(), locations.ids(), page)?, page.limit))
}

/// The payments of orders, oldest first.
pub fn payments_of(db: &mut Read, orders: &[OrderId]) -> Result<Vec<Payment>> {
    store::payments_of(db.conn(), orders)
}

/// The payment that a gateway knows by this id of its own.
pub fn payment_by_ref(db: &mut Read, gateway: GatewayKind, reference: &str) -> Result<Option<Payment>> {
    store::payment_by_ref(db.conn(), gateway, reference)
}

/// A payment with what is to be asked of its gateway next.
#[derive(Debug, Clone)]
pub struct Next {
    /// Of this payment.
    pub payment: Payment,
    /// The operation.
    pub operation: Operation,
}

/// The next operation of a payment, due or not; none if nothing is open.
pub fn first_open(db: &mut Read, id: PaymentId) -> Result<Option<Next>> {
    let Some(operation) = store::first_open(db.conn(), id)? else { return Ok(None) };
    let payment = store::payments_by_id(db.conn(), &[id])?.pop();
    Ok(payment.map(|payment| Next { payment, operation }))
}

/// Payments of which something open is due, the longest due first.
pub fn due(db: &mut Read, now: DateTime<Utc>, most: usize) -> Result<Vec<PaymentId>> {
    store::due(db.conn(), now, i64::try_from(most).unwrap_or(i64::MAX))
}

/// Notes that a gateway was asked in vain; each time it is left alone for longer.
pub fn put_off(tx: &mut Write, operation: &Operation, why: &str) -> Result<()> {
    let now = tx.now();
    store::put_off(tx.conn(), operation.id, now + store::pause(operation.attempts), why, now)
}

/// Makes what is open of a payment due now.
pub fn hurry(tx: &mut Write, id: PaymentId) -> Result<()> {
    let now = tx.now();
    store::hurry(tx.conn(), id, now)
}
