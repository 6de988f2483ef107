//! Looks at payments, and notes about what is still to be asked of gateways.
use super::store::{self, Operation, Payment};
use crate::{
    kernel::{GiftCardId, Locations, Money, OrderId, Page, PageRequest, PaymentId, Result},
    payments::{
        status::{GatewayKind, PaymentStatus},
        tenders::Tender,
    },
    platform::db::{Read, Write},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A payment as the interface shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaymentView {
    /// Identifies the payment.
    pub id: PaymentId,
    /// Identifies the order.
    pub order_id: OrderId,
    /// The gateway that moves the money.
    pub gateway: GatewayKind,
    /// The state that it is in.
    pub status: PaymentStatus,
    /// The amount that was asked for; the status tells if it was authorized.
    pub authorized: Money,
    /// The amount that was taken.
    pub captured: Money,
    /// The amount that was given back.
    pub refunded: Money,
    /// The payer's or the till's own reference.
    pub reference: Option<String>,
    /// The gateway's own id.
    pub gateway_ref: Option<String>,
    /// The way in which the money was handed over at a till; null where it was not told.
    pub tender: Option<Tender>,
    /// Identifies the gift card that pays; null of other gateways.
    pub gift_card_id: Option<GiftCardId>,
    /// The address or secret with which the payer goes on, while something is required of them.
    pub action: Option<String>,
    /// The last fault: the gateway's word, such as `card_declined` or `expired`, or `unanswered_for_a_day` where it
    /// did not answer within a day. A decline ends the payment; anything else needs a person.
    pub failure: Option<String>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        let money = |amount_minor| Money { amount_minor, currency: payment.currency };
        let card = payment.method.as_deref().filter(|_| payment.gateway == GatewayKind::GiftCard);
        Self {
            gift_card_id: card.and_then(|id| id.parse().ok()),
            id: payment.id,
            order_id: payment.order_id,
            gateway: payment.gateway,
            status: payment.status,
            authorized: money(payment.authorized_minor),
            captured: money(payment.captured_minor),
            refunded: money(payment.refunded_minor),
            reference: payment.reference,
            gateway_ref: payment.gateway_ref,
            tender: payment.tender,
            action: payment.action,
            failure: payment.failure,
            version: payment.version,
            created_at: payment.created_at,
        }
    }
}

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
