//! What others may learn of payments.
use super::store::Payment;
use crate::{
    kernel::{Currency, OrderId, Result},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Money was taken.
#[derive(Debug, Serialize)]
pub struct PaymentCaptured {
    /// For which order.
    pub order_id: OrderId,
    /// How much, in minor units.
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
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In which currency.
    pub currency: Currency,
}
impl Event for PaymentRefunded {
    const TYPE: &'static str = "payments.payment_refunded.v1";
}

pub(super) fn captured(outbox: &mut Outbox, payment: &Payment, now: DateTime<Utc>) -> Result<()> {
    let event = PaymentCaptured {
        order_id: payment.order_id,
        amount_minor: payment.captured_minor,
        currency: payment.currency,
    };
    outbox.tell(of(payment), &event, now)
}

pub(super) fn refunded(outbox: &mut Outbox, payment: &Payment, amount_minor: i64, now: DateTime<Utc>) -> Result<()> {
    let event = PaymentRefunded { order_id: payment.order_id, amount_minor, currency: payment.currency };
    outbox.tell(of(payment), &event, now)
}

fn of(payment: &Payment) -> Subject {
    Subject { aggregate: "payment", id: payment.id.0, version: payment.version, location: Some(payment.location_id) }
}
