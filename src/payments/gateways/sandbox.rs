//! A provider to try things with. It keeps books of its own, as a real one would, and answers a repeated call as it
//! answered the first. What it does depends on the payer's token: `tok_approve`, `tok_decline` or `tok_3ds`, with
//! `_slow_` or `_error_` and an operation behind it (`tok_approve_slow_capture`): a slow operation is done but its
//! first answer never comes, an operation in error fails before it is done the first time, `_down_` fails always, and
//! `_refuse_` is refused.
use super::{Gateway, GatewayOutcome, GatewayRequest};
use crate::{
    kernel::{Code, Error, PaymentId, Result},
    payments::{
        status::OperationKind,
        store::{self, Call, Intent, IntentStatus, Payment},
    },
    platform::db::{Db, Write},
};
use futures_util::{FutureExt, future::BoxFuture};

/// The sandbox, on tables of its own.
pub struct Sandbox {
    db: Db,
}

/// The fault on the way to the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The first answer is lost.
    Slow,
    /// The first call is lost.
    Error,
    /// All calls are lost.
    Down,
    /// It will not do it.
    Refuse,
    /// It will not do it the first time.
    FirstRefuse,
}

impl Fault {
    fn of(method: &str, kind: OperationKind) -> Self {
        let faults = [
            ("_first_refuse_", Self::FirstRefuse),
            ("_slow_", Self::Slow),
            ("_error_", Self::Error),
            ("_down_", Self::Down),
            ("_refuse_", Self::Refuse),
        ];
        let is_planted = |word: &str| method.contains(&format!("{word}{kind}"));
        faults.into_iter().find(|(word, _)| is_planted(word)).map_or(Self::None, |(_, fault)| fault)
    }
}

impl Sandbox {
    /// On a database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    async fn call(&self, kind: OperationKind, request: GatewayRequest<'_>) -> GatewayOutcome {
        let (payment, key, amount) = (request.payment.clone(), request.key, request.amount_minor);
        let fault = Fault::of(payment.method.as_deref().unwrap_or_default(), kind);
        let is_final = request.is_final;
        let called = self.db.write(move |tx| {
            let call = Call { key, intent: payment.id, kind, amount_minor: amount };
            let times = store::call(tx.conn(), &call)?;
            if fault == Fault::Down || (fault == Fault::Error && times == 1) {
                return Ok((times, GatewayOutcome::Unknown("the sandbox is out of order".into())));
            }
            if let Some(answer) = store::answer_of(tx.conn(), key)? {
                return Ok((times, told(answer, payment.id)));
            }
            let outcome = match fault {
                Fault::FirstRefuse if store::calls_of(tx.conn(), payment.id, kind)? == 1 => {
                    GatewayOutcome::Refused { why: "expired".into(), reference: Some(payment.id.to_string()) }
                }
                Fault::Refuse => {
                    GatewayOutcome::Refused { why: "expired".into(), reference: Some(payment.id.to_string()) }
                }
                _ => done(tx, &payment, kind, amount, is_final)?,
            };
            store::keep_answer(tx.conn(), key, &word(&outcome))?;
            Ok((times, outcome))
        });
        match called.await {
            Ok((1, _)) if fault == Fault::Slow => std::future::pending().await,
            Ok((_, outcome)) => outcome,
            Err(error) => GatewayOutcome::Unknown(error.to_string()),
        }
    }
}

/// Does what is asked, in the sandbox's books.
fn done(tx: &mut Write, payment: &Payment, kind: OperationKind, amount: i64, is_final: bool) -> Result<GatewayOutcome> {
    use IntentStatus as S;
    let refused = |why: &str| GatewayOutcome::Refused { why: why.into(), reference: Some(payment.id.to_string()) };
    let done = GatewayOutcome::Done { reference: Some(payment.id.to_string()) };
    let Some(mut intent) = store::intent(tx.conn(), payment.id)? else {
        return Ok(match kind {
            OperationKind::Authorize => {
                let intent = opened(payment);
                store::keep_intent(tx.conn(), &intent)?;
                standing(&intent)
            }
            OperationKind::Void => {
                // Whatever may still be on its way finds it given up.
                store::keep_intent(tx.conn(), &Intent { status: S::Voided, ..opened(payment) })?;
                done
            }
            OperationKind::Capture | OperationKind::Refund => refused("no_such_payment"),
        });
    };
    match kind {
        OperationKind::Authorize => return Ok(standing(&intent)),
        OperationKind::Capture if !matches!(intent.status, S::Authorized) => return Ok(refused("not_authorized")),
        OperationKind::Capture if amount > intent.authorized_minor - intent.captured_minor => {
            return Ok(refused("amount_too_large"));
        }
        OperationKind::Capture => {
            intent.captured_minor += amount;
            if is_final || intent.captured_minor == intent.authorized_minor {
                intent.status = S::Captured;
            }
        }
        OperationKind::Void if intent.captured_minor > 0 => intent.status = S::Captured,
        OperationKind::Void => intent.status = S::Voided,
        OperationKind::Refund if amount > intent.captured_minor - intent.refunded_minor => {
            return Ok(refused("amount_too_large"));
        }
        OperationKind::Refund => intent.refunded_minor += amount,
    }
    store::keep_intent(tx.conn(), &intent)?;
    Ok(done)
}

fn opened(payment: &Payment) -> Intent {
    let method = payment.method.clone().unwrap_or_default();
    let status = match method.as_str() {
        some if some.starts_with("tok_approve") => IntentStatus::Authorized,
        some if some.starts_with("tok_3ds") => IntentStatus::RequiresAction,
        _ => IntentStatus::Declined,
    };
    Intent {
        id: payment.id,
        method,
        currency: payment.currency.to_string(),
        status,
        authorized_minor: payment.authorized_minor,
        captured_minor: 0,
        refunded_minor: 0,
    }
}

fn standing(intent: &Intent) -> GatewayOutcome {
    let reference = intent.id.to_string();
    match intent.status {
        IntentStatus::RequiresAction => {
            let action = format!("/v1/sandbox/challenges/{reference}");
            GatewayOutcome::NeedsAction { reference, action }
        }
        IntentStatus::Authorized | IntentStatus::Captured => GatewayOutcome::Done { reference: Some(reference) },
        IntentStatus::Declined | IntentStatus::Voided => {
            GatewayOutcome::Refused { why: "card_declined".into(), reference: Some(reference) }
        }
    }
}

/// The kept form of an outcome; what may still change is not.
fn word(outcome: &GatewayOutcome) -> String {
    match outcome {
        GatewayOutcome::Done { .. } => "done".into(),
        GatewayOutcome::Refused { why, .. } => why.clone(),
        GatewayOutcome::NeedsAction { .. } | GatewayOutcome::Unknown(_) => String::new(),
    }
}

fn told(word: String, id: PaymentId) -> GatewayOutcome {
    let reference = Some(id.to_string());
    match word.as_str() {
        "done" => GatewayOutcome::Done { reference },
        _ => GatewayOutcome::Refused { why: word, reference },
    }
}

impl Gateway for Sandbox {
    fn authorize<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Authorize, request).boxed()
    }
    fn capture<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Capture, request).boxed()
    }
    fn void<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Void, request).boxed()
    }
    fn refund<'a>(&'a self, request: GatewayRequest<'a>) -> BoxFuture<'a, GatewayOutcome> {
        self.call(OperationKind::Refund, request).boxed()
    }
    fn captures_once(&self) -> bool {
        false
    }
}

/// The answer of the payer when the sandbox asks for it: approves, or fails.
pub async fn answer_challenge(db: &Db, id: PaymentId, approves: bool) -> Result<()> {
    let status = if approves { IntentStatus::Authorized } else { IntentStatus::Declined };
    let is_waiting = db.write(move |tx| store::challenge(tx.conn(), id, status)).await?;
    match is_waiting {
        true => Ok(()),
        false => Err(Error::refused(Code::NotFound, "no payment waits for this")),
    }
}
