//! Gateways for payments: one interface, and what stands behind it. Every call is bounded in time and made under an
//! idempotency key, so that asking again does nothing twice; what is not known is told as such.
mod gift_cards;
pub mod sandbox;
pub mod stripe;

use super::{read::Next, store::Payment};
use crate::{
    kernel::{Code, Error, OperationId, Result},
    payments::status::{GatewayKind, OperationKind},
    platform::{config, db::Db},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use gift_cards::GiftCards;
use sandbox::Sandbox;
use std::{sync::Arc, time::Duration};
use stripe::Stripe;

/// The outcome of an operation at a gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayOutcome {
    /// It was done.
    Done {
        /// The gateway's own id of what it made.
        reference: Option<String>,
    },
    /// The payer must do something first.
    NeedsAction {
        /// The gateway's own id.
        reference: String,
        /// The page, or the client's secret, with which the payer goes on.
        action: String,
    },
    /// It will not be done, however often it is asked.
    Refused {
        /// The gateway's word for why.
        why: String,
        /// The gateway's own id, if it made something.
        reference: Option<String>,
    },
    /// It may have been done or not: to be asked again under the same key.
    Unknown(String),
}

/// Something that is asked about a payment.
#[derive(Debug, Clone, Copy)]
pub struct GatewayRequest<'a> {
    /// About which. Its id is the key under which it is authorized.
    pub payment: &'a Payment,
    /// The key of what is asked.
    pub key: OperationId,
    /// In minor units.
    pub amount_minor: i64,
    /// True if nothing more will be captured afterwards.
    pub is_final: bool,
}

/// A payment provider. Each call is idempotent by its key: a second one has the outcome of the first.
pub trait Gateway: Send + Sync {
    /// Has the money promised; asked again, tells how the promise stands.
    fn authorize<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome>;
    /// Takes what was promised, or a part of it.
    fn capture<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome>;
    /// Gives up what was promised and not taken.
    fn void<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome>;
    /// Gives back what was taken.
    fn refund<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome>;
    /// True if a promise can be captured once only.
    fn captures_once(&self) -> bool;
}

/// The time for which gateways remember a key at least: Stripe 24 hours.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(23);

/// True if asking again could do a thing twice, because the gateway may have forgotten the key. What shows on the
/// payment's own record (a promise that is known, its one capture) may be asked for ever; the rest is for people then.
fn is_beyond_keys(next: &Next, now: DateTime<Utc>) -> bool {
    let Next { payment, operation } = next;
    // Gift cards are kept here and forget nothing.
    let shows = payment.gateway == GatewayKind::GiftCard
        || match operation.kind {
            OperationKind::Authorize | OperationKind::Void => payment.gateway_ref.is_some(),
            OperationKind::Capture => payment.is_single_capture,
            OperationKind::Refund => false,
        };
    operation.attempts > 0 && !shows && now - operation.created_at > KEYS_KEPT
}

/// The gateways that are offered; cheap to clone.
#[derive(Clone)]
pub struct Gateways {
    sandbox: Option<Arc<dyn Gateway>>,
    gift_cards: Arc<GiftCards>,
    stripe: Option<Arc<Stripe>>,
    timeout: Duration,
}

impl Gateways {
    /// As the settings say.
    pub fn new(settings: &config::Payments, db: &Db) -> anyhow::Result<Self> {
        let timeout = Duration::from_millis(settings.timeout_ms);
        let sandbox = settings.sandbox.then(|| Arc::new(Sandbox::new(db.clone())) as Arc<dyn Gateway>);
        let stripe = Stripe::new(settings, timeout)?.map(Arc::new);
        Ok(Self { sandbox, gift_cards: Arc::new(GiftCards::new(db.clone())), stripe, timeout })
    }

    /// The gateway of a kind, refused where it is not offered.
    pub fn require(&self, kind: GatewayKind) -> Result<&dyn Gateway> {
        let found: Option<&dyn Gateway> = match kind {
            GatewayKind::Sandbox => self.sandbox.as_deref(),
            GatewayKind::Stripe => self.stripe.as_deref().map(|stripe| stripe as &dyn Gateway),
            GatewayKind::GiftCard => Some(&*self.gift_cards),
            GatewayKind::Manual | GatewayKind::External => None,
        };
        found.ok_or_else(|| Error::refused(Code::UnsupportedGateway, format!("the gateway {kind} is not offered here")))
    }

    /// Stripe, if it is offered.
    pub fn stripe(&self) -> Option<&Stripe> {
        self.stripe.as_deref()
    }

    /// Asks for what is next, for as long as the settings allow.
    pub async fn ask(&self, next: &Next, now: DateTime<Utc>) -> GatewayOutcome {
        if is_beyond_keys(next, now) {
            return GatewayOutcome::Refused { why: "unanswered_for_a_day".into(), reference: None };
        }
        let gateway = match self.require(next.payment.gateway) {
            Ok(gateway) => gateway,
            Err(why) => return GatewayOutcome::Unknown(why.to_string()),
        };
        let Next { payment, operation } = next;
        let request = GatewayRequest {
            payment,
            key: operation.id,
            amount_minor: operation.amount_minor,
            is_final: operation.is_final,
        };
        let asking = match operation.kind {
            OperationKind::Authorize => gateway.authorize(request),
            OperationKind::Capture => gateway.capture(request),
            OperationKind::Void => gateway.void(request),
            OperationKind::Refund => gateway.refund(request),
        };
        let late = |_| GatewayOutcome::Unknown(format!("no answer within {} ms", self.timeout.as_millis()));
        tokio::time::timeout(self.timeout, asking).await.unwrap_or_else(late)
    }
}
