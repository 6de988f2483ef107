//! The events of payments.
use super::{
    gateways::GatewayOutcome,
    store::{Operation, Payment},
};
use crate::{
    kernel::{Currency, OrderId, Result},
    payments::status::{OperationKind, PaymentStatus},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Money was taken.
#[derive(Debug, Serialize)]
pub struct PaymentCaptured {
    /// For which order.
    pub order_id: OrderId,
    /// The amount, in minor units.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: Currency,
}
impl Event for PaymentCaptured {
    const TYPE: &'static str = "payments.payment_captured.v1";
}

/// Money was given back.
#[derive(Debug, Serialize)]
pub struct PaymentRefunded {
    /// For which order.
    pub order_id: OrderId,
    /// The amount, in minor units.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: Currency,
}
impl Event for PaymentRefunded {
    const TYPE: &'static str = "payments.payment_refunded.v1";
}

/// A gateway has said what became of a payment, other than that money moved.
#[derive(Debug, Serialize)]
pub struct PaymentMoved {
    /// For which order.
    pub order_id: OrderId,
    /// The kind of operation.
    pub operation: OperationKind,
    /// The payment status as it is now.
    pub status: PaymentStatus,
    /// The gateway's word for why not, if it refused.
    pub failure: Option<String>,
}
impl Event for PaymentMoved {
    const TYPE: &'static str = "payments.payment_moved.v1";
}

pub(super) fn captured(outbox: &mut Outbox, payment: &Payment, amount_minor: i64, now: DateTime<Utc>) -> Result<()> {
    let event = PaymentCaptured { order_id: payment.order_id, amount_minor, currency: payment.currency };
    outbox.publish(of(payment), &event, now)
}

/// The outcome of an operation.
pub(super) fn settled(
    outbox: &mut Outbox,
    payment: &Payment,
    operation: &Operation,
    outcome: &GatewayOutcome,
    now: DateTime<Utc>,
) -> Result<()> {
    match (operation.kind, outcome) {
        (OperationKind::Capture, GatewayOutcome::Done { .. }) => captured(outbox, payment, operation.amount_minor, now),
        (OperationKind::Refund, GatewayOutcome::Done { .. }) => refunded(outbox, payment, operation.amount_minor, now),
        _ => {
            let failure = match outcome {
                GatewayOutcome::Refused { why, .. } => Some(why.clone()),
                _ => None,
            };
            let Payment { order_id, status, .. } = *payment;
            outbox.publish(of(payment), &PaymentMoved { order_id, operation: operation.kind, status, failure }, now)
        }
    }
}

pub(super) fn refunded(outbox: &mut Outbox, payment: &Payment, amount_minor: i64, now: DateTime<Utc>) -> Result<()> {
    let event = PaymentRefunded { order_id: payment.order_id, amount_minor, currency: payment.currency };
    outbox.publish(of(payment), &event, now)
}

fn of(payment: &Payment) -> Subject {
    Subject { aggregate: "payment", id: payment.id.0, version: payment.version, location: Some(payment.location_id) }
}
