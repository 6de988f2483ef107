//! Stripe's PaymentIntents with manual capture, as its API reference tells: form-encoded calls under idempotency keys,
//! answers in JSON (<https://docs.stripe.com/api>, version 2024-06-20). A PaymentIntent is captured once, unless the
//! account has multicapture.
pub mod amounts;
pub mod signature;
mod wire;

use super::{Gateway, GatewayOutcome, GatewayRequest};
use crate::{
    kernel::{Money, Result},
    platform::config,
};
use futures_util::{FutureExt, future::BoxFuture};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use wire::{Reply, Wire};

/// The way to Stripe.
pub struct Stripe {
    wire: Wire,
    webhook_secret: SecretString,
    has_multicapture: bool,
}

impl Stripe {
    /// As the settings say; none without a key.
    pub fn new(settings: &config::Payments, timeout: Duration) -> anyhow::Result<Option<Self>> {
        if settings.stripe_secret_key.expose_secret().is_empty() {
            return Ok(None);
        }
        let wire = Wire::new(&settings.stripe_url, settings.stripe_secret_key.clone(), timeout)?;
        let (webhook_secret, has_multicapture) = (settings.stripe_webhook_secret.clone(), settings.stripe_multicapture);
        Ok(Some(Self { wire, webhook_secret, has_multicapture }))
    }

    /// The id of the PaymentIntent that a webhook tells of; refused unless Stripe signed it a moment ago.
    pub fn told_of(&self, header: &str, body: &[u8], now: chrono::DateTime<chrono::Utc>) -> Result<Option<String>> {
        signature::verify(self.webhook_secret.expose_secret(), header, body, now)?;
        Ok(wire::subject_of(body))
    }

    /// Refused where Stripe cannot take such an amount.
    pub fn require_representable(amount: Money) -> Result<()> {
        amounts::charged(amount).map(|_| ())
    }

    async fn authorize(&self, request: GatewayRequest<'_>) -> GatewayOutcome {
        if let Some(reference) = &request.payment.gateway_ref {
            return self.look(reference).await;
        }
        let Ok(amount) = amounts::charged(request.payment.amount()) else {
            return GatewayOutcome::Refused { why: "amount_not_representable".into(), reference: None };
        };
        let payment = request.payment;
        let form = [
            ("amount", amount.to_string()),
            ("currency", payment.currency.code().to_ascii_lowercase()),
            ("payment_method", payment.method.clone().unwrap_or_default()),
            ("payment_method_types[0]", "card".to_owned()),
            ("capture_method", "manual".to_owned()),
            ("confirm", "true".to_owned()),
            ("metadata[order_id]", payment.order_id.to_string()),
            ("metadata[payment_id]", payment.id.to_string()),
        ];
        // The payment is authorized once in its life: its own id is the key, so that whoever must know can ask again.
        let outcome = standing(self.wire.post("/v1/payment_intents", &payment.id.to_string(), &form).await);
        self.closed(outcome).await
    }

    async fn look(&self, reference: &str) -> GatewayOutcome {
        self.closed(standing(self.wire.get(&format!("/v1/payment_intents/{reference}")).await)).await
    }

    /// A declined intent is canceled, so that no one confirms it with another card behind our back.
    async fn closed(&self, outcome: GatewayOutcome) -> GatewayOutcome {
        if let GatewayOutcome::Refused { reference: Some(reference), .. } = &outcome {
            let path = format!("/v1/payment_intents/{reference}/cancel");
            let reply = self.wire.post(&path, &format!("{reference}-declined"), &[]).await;
            let canceled =
                self.or_stands(reply, reference, |intent| intent == "canceled" || intent == "succeeded").await;
            if let GatewayOutcome::Unknown(why) = canceled {
                return GatewayOutcome::Unknown(why);
            }
        }
        outcome
    }

    async fn capture(&self, request: GatewayRequest<'_>) -> GatewayOutcome {
        let Some(reference) = &request.payment.gateway_ref else { return no_reference() };
        let Ok(amount) = amounts::charged(Money { amount_minor: request.amount_minor, ..request.payment.amount() })
        else {
            return GatewayOutcome::Refused { why: "amount_not_representable".into(), reference: None };
        };
        let mut form = vec![("amount_to_capture", amount.to_string())];
        if self.has_multicapture {
            form.push(("final_capture", request.is_final.to_string()));
        }
        let path = format!("/v1/payment_intents/{reference}/capture");
        let reply = self.wire.post(&path, &request.key.to_string(), &form).await;
        // An answer that was lost, beyond the time for which Stripe keeps keys: the one capture shows on the intent.
        self.or_stands(reply, reference, |intent| !self.has_multicapture && intent == "succeeded").await
    }

    async fn void(&self, request: GatewayRequest<'_>) -> GatewayOutcome {
        let reference = match &request.payment.gateway_ref {
            Some(reference) => reference.clone(),
            None => match self.authorize(request).await {
                GatewayOutcome::Done { reference: Some(reference) } | GatewayOutcome::NeedsAction { reference, .. } => {
                    reference
                }
                // There is nothing to give up.
                GatewayOutcome::Refused { .. } => return GatewayOutcome::Done { reference: None },
                GatewayOutcome::Done { reference: None } => return no_reference(),
                unknown @ GatewayOutcome::Unknown(_) => return unknown,
            },
        };
        let path = format!("/v1/payment_intents/{reference}/cancel");
        let reply = self.wire.post(&path, &request.key.to_string(), &[]).await;
        // Of what was captured whole nothing is left to be given up.
        let is_taken = request.payment.captured_minor > 0;
        self.or_stands(reply, &reference, |intent| intent == "canceled" || (is_taken && intent == "succeeded")).await
    }

    async fn refund(&self, request: GatewayRequest<'_>) -> GatewayOutcome {
        let Some(reference) = &request.payment.gateway_ref else { return no_reference() };
        let Ok(amount) = amounts::charged(Money { amount_minor: request.amount_minor, ..request.payment.amount() })
        else {
            return GatewayOutcome::Refused { why: "amount_not_representable".into(), reference: None };
        };
        let form = [("payment_intent", reference.clone()), ("amount", amount.to_string())];
        match self.wire.post("/v1/refunds", &request.key.to_string(), &form).await {
            Reply::Object(object) if object.status == "failed" || object.status == "canceled" => {
                GatewayOutcome::Refused { why: format!("refund_{}", object.status), reference: Some(object.id) }
            }
            Reply::Object(object) => GatewayOutcome::Done { reference: Some(object.id) },
            other => refusal(other),
        }
    }

    /// The outcome that a reply tells; where it is a refusal, done all the same if the intent shows that it was done
    /// before.
    async fn or_stands(&self, reply: Reply, reference: &str, is_done: impl Fn(&str) -> bool) -> GatewayOutcome {
        let done = GatewayOutcome::Done { reference: Some(reference.to_owned()) };
        match reply {
            Reply::Object(_) => done,
            Reply::Refused { .. } => match self.wire.get(&format!("/v1/payment_intents/{reference}")).await {
                Reply::Object(intent) if is_done(&intent.status) => done,
                Reply::Unknown(why) => GatewayOutcome::Unknown(why),
                _ => refusal(reply),
            },
            unknown @ Reply::Unknown(_) => refusal(unknown),
        }
    }
}

fn no_reference() -> GatewayOutcome {
    GatewayOutcome::Refused { why: "never_authorized".into(), reference: None }
}

/// The status of an intent.
fn standing(reply: Reply) -> GatewayOutcome {
    let Reply::Object(intent) = reply else { return refusal(reply) };
    let reference = intent.id.clone();
    match intent.status.as_str() {
        "requires_capture" | "succeeded" => GatewayOutcome::Done { reference: Some(reference) },
        "requires_action" => GatewayOutcome::NeedsAction { reference, action: intent.action() },
        "processing" => GatewayOutcome::Unknown("the intent is processing".into()),
        _ => GatewayOutcome::Refused { why: intent.failure(), reference: Some(reference) },
    }
}

fn refusal(reply: Reply) -> GatewayOutcome {
    match reply {
        Reply::Refused { why, reference } => GatewayOutcome::Refused { why, reference },
        Reply::Unknown(why) => GatewayOutcome::Unknown(why),
        Reply::Object(object) => GatewayOutcome::Unknown(format!("an answer that does not fit: {}", object.status)),
    }
}

impl Gateway for Stripe {
    fn authorize<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.authorize(request).boxed()
    }
    fn capture<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.capture(request).boxed()
    }
    fn void<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.void(request).boxed()
    }
    fn refund<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.refund(request).boxed()
    }
    fn captures_once(&self) -> bool {
        !self.has_multicapture
    }
}

#[cfg(test)]
mod tests;
