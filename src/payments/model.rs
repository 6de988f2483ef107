//! Words and records of payments.
use super::store::Payment;
use crate::{
    kernel::{LocationId, Money, OrderId},
    payments::{
        status::{GatewayKind, PaymentStatus},
        tenders::Tender,
    },
};
use chrono::{DateTime, Utc};

/// Money that is taken, or to be taken.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// For which order.
    pub order: OrderId,
    /// The location that fills the order.
    pub location: LocationId,
    /// The gateway.
    pub gateway: GatewayKind,
    /// The amount.
    pub amount: Money,
    /// The payer's or the till's own reference.
    pub reference: Option<String>,
    /// The gateway's token for what the payer pays with.
    pub method: Option<String>,
    /// True if the gateway captures once only.
    pub is_single_capture: bool,
    /// True if it is for what was added to an order that is paid already.
    pub is_extra: bool,
    /// The way in which the money was handed over, where a till tells it.
    pub tender: Option<Tender>,
    /// When it was taken, where that is not now.
    pub taken_at: Option<DateTime<Utc>>,
}

impl NewPayment {
    /// Money that was taken by hand or elsewhere.
    pub fn taken(
        order: OrderId,
        location: LocationId,
        gateway: GatewayKind,
        amount: Money,
        reference: Option<String>,
    ) -> Self {
        Self {
            order,
            location,
            gateway,
            amount,
            reference,
            method: None,
            is_single_capture: false,
            is_extra: false,
            tender: None,
            taken_at: None,
        }
    }
}

/// The sums of an order's payments, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Taken.
    pub captured: i64,
    /// Given back.
    pub refunded: i64,
    /// Promised and not yet taken, nor given up.
    pub authorized: i64,
    /// Asked for, with the answer still to come.
    pub pending: i64,
    /// Asked to be given back so far.
    pub asked_refund: i64,
}

impl Sums {
    /// Adds up payments.
    pub fn of<'a>(payments: impl Iterator<Item = &'a Payment>) -> Self {
        payments.fold(Self::default(), |sums, payment| Self {
            captured: sums.captured.saturating_add(payment.captured_minor),
            refunded: sums.refunded.saturating_add(payment.refunded_minor),
            authorized: sums.authorized.saturating_add(payment.uncaptured_minor()),
            pending: sums.pending.saturating_add(payment.pending_minor()),
            asked_refund: sums.asked_refund.saturating_add(payment.asked_refund_minor),
        })
    }
}

impl Payment {
    /// The amount that is authorized by it and not yet captured. Of one that is released, only what is being taken
    /// still counts.
    pub fn uncaptured_minor(&self) -> i64 {
        match (self.status, self.is_released) {
            (PaymentStatus::Authorized | PaymentStatus::Captured, true) => {
                self.asked_capture_minor - self.captured_minor
            }
            (PaymentStatus::Authorized | PaymentStatus::Captured, false) => self.authorized_minor - self.captured_minor,
            _ => 0,
        }
    }

    /// True if a person must look at it: money could not be taken or given back.
    pub fn needs_attention(&self) -> bool {
        self.failure.is_some() && self.status != PaymentStatus::Declined
    }

    /// True if something of it is promised or may yet be.
    pub fn is_loose(&self) -> bool {
        !matches!(self.status, PaymentStatus::Declined | PaymentStatus::Refunded | PaymentStatus::Voided)
    }

    /// The amount that may still be authorized by it.
    fn pending_minor(&self) -> i64 {
        match self.status {
            PaymentStatus::Pending | PaymentStatus::RequiresAction if !self.is_released => self.authorized_minor,
            _ => 0,
        }
    }
}
