//! Payments and operations as they stand in the tables.
use crate::{
    kernel::{Currency, LocationId, Money, OperationId, OrderId, PaymentId, Result},
    payments::{
        status::{GatewayKind, OperationKind, OperationState, PaymentStatus},
        tenders::Tender,
    },
    platform::db::Json,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A payment towards an order. Amounts are minor units of its currency.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: PaymentId,
    pub order_id: OrderId,
    pub location_id: LocationId,
    /// The gateway that moves the money.
    pub gateway: GatewayKind,
    /// The state that it is in.
    pub status: PaymentStatus,
    pub currency: Currency,
    pub authorized_minor: i64,
    pub captured_minor: i64,
    pub refunded_minor: i64,
    /// The payer's or the till's own reference.
    pub reference: Option<String>,
    /// The amount that was asked of the gateway so far, done or not.
    pub asked_capture_minor: i64,
    pub asked_refund_minor: i64,
    /// True if what is not captured is given up.
    pub is_released: bool,
    pub is_single_capture: bool,
    /// True if it is for what was added to an order that was paid already.
    pub is_extra: bool,
    pub method: Option<String>,
    /// The gateway's own id.
    pub gateway_ref: Option<String>,
    /// The address or secret with which the payer goes on, while something is required of them.
    pub action: Option<String>,
    /// The last fault: the gateway's word, such as `card_declined` or `expired`, or `unanswered_for_a_day` where it has
    /// not told within a day what became of what it was asked. A decline ends the payment; anything else needs a
    /// person.
    pub failure: Option<String>,
    /// The way in which the money was handed over, where a till has told it.
    pub tender: Option<Tender>,
    /// When it was taken, where that is not when it was written down.
    pub taken_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// A row of `payments`, as its columns stand.
#[derive(Queryable)]
pub struct PaymentRow {
    id: PaymentId,
    order_id: OrderId,
    location_id: LocationId,
    gateway: GatewayKind,
    status: PaymentStatus,
    currency: String,
    authorized_minor: i64,
    captured_minor: i64,
    refunded_minor: i64,
    reference: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    _updated_at: DateTime<Utc>,
    asked_capture_minor: i64,
    asked_refund_minor: i64,
    is_released: bool,
    is_single_capture: bool,
    method: Option<String>,
    gateway_ref: Option<String>,
    action: Option<String>,
    failure: Option<String>,
    is_extra: bool,
    tender: Option<Json<Tender>>,
    taken_at: Option<DateTime<Utc>>,
}

impl TryFrom<PaymentRow> for Payment {
    type Error = crate::kernel::Error;
    fn try_from(row: PaymentRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            order_id: row.order_id,
            location_id: row.location_id,
            gateway: row.gateway,
            status: row.status,
            currency: row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?,
            authorized_minor: row.authorized_minor,
            captured_minor: row.captured_minor,
            refunded_minor: row.refunded_minor,
            reference: row.reference,
            asked_capture_minor: row.asked_capture_minor,
            asked_refund_minor: row.asked_refund_minor,
            is_released: row.is_released,
            is_single_capture: row.is_single_capture,
            is_extra: row.is_extra,
            method: row.method,
            gateway_ref: row.gateway_ref,
            action: row.action,
            failure: row.failure,
            tender: row.tender.map(|Json(tender)| tender),
            taken_at: row.taken_at,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

impl Payment {
    /// The amount that was asked for.
    pub fn amount(&self) -> Money {
        Money { amount_minor: self.authorized_minor, currency: self.currency }
    }
}

/// Something that is asked of a gateway, under its id as the idempotency key.
#[derive(Debug, Clone, Queryable)]
pub struct Operation {
    pub id: OperationId,
    pub payment_id: PaymentId,
    pub order_id: OrderId,
    pub kind: OperationKind,
    /// In minor units of the payment's currency; zero of a void.
    pub amount_minor: i64,
    /// True if nothing more will be captured afterwards.
    pub is_final: bool,
    pub state: OperationState,
    /// Times that the gateway was asked without learning what came of it.
    pub attempts: i32,
    /// When it is asked again.
    pub next_at: DateTime<Utc>,
    pub gateway_ref: Option<String>,
    pub failure: Option<String>,
    pub created_at: DateTime<Utc>,
    pub(super) _updated_at: DateTime<Utc>,
}

impl Operation {
    /// The same, done already: by hand.
    pub fn done(self) -> Self {
        Self { state: OperationState::Done, ..self }
    }

    /// The same, after which nothing more is captured, or not.
    pub fn finally(self, is_final: bool) -> Self {
        Self { is_final, ..self }
    }

    /// A new one, to be done at some time.
    pub fn new(
        payment: &Payment,
        kind: OperationKind,
        amount_minor: i64,
        next_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: OperationId::new(),
            payment_id: payment.id,
            order_id: payment.order_id,
            kind,
            amount_minor,
            is_final: false,
            state: OperationState::Open,
            attempts: 0,
            next_at,
            gateway_ref: None,
            failure: None,
            created_at: now,
            _updated_at: now,
        }
    }
}
