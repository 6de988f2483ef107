//! The outcome of an operation, as it changes a payment.
use super::{
    events,
    gateways::GatewayOutcome,
    rules::PaymentMove,
    store::{Operation, Payment},
    working_set::Payments,
};
use crate::{
    kernel::{OperationId, OrderId, Result},
    payments::{
        rules::{moved, note_refund},
        status::{OperationKind, OperationState},
    },
    platform::group_commit::UnitOfWork,
};

/// The result of applying an outcome.
#[derive(Debug, Clone)]
pub enum Applied {
    /// It was settled before, or is not there.
    Before,
    /// As the payment stands now.
    Now(Box<Payment>, OperationKind),
}

/// Writes down what came of an operation. What is not known yet stays open.
pub(super) fn apply(
    uow: &mut UnitOfWork,
    order: OrderId,
    id: OperationId,
    outcome: &GatewayOutcome,
) -> Result<Applied> {
    let now = uow.now;
    let payments = uow.of::<Payments>()?;
    let Some(operation) = payments.open(order, id).cloned() else { return Ok(Applied::Before) };
    let Some(payment) = payments.payment(order, operation.payment_id).cloned() else { return Ok(Applied::Before) };
    let mut after = settled(payment, &operation, outcome)?;
    let close = match outcome {
        GatewayOutcome::Done { .. } => Some((OperationState::Done, None)),
        GatewayOutcome::Refused { why, .. } => Some((OperationState::Failed, Some(why.as_str()))),
        GatewayOutcome::NeedsAction { .. } | GatewayOutcome::Unknown(_) => None,
    };
    if let Some((state, why)) = close {
        payments.close(order, |open| open.id == id, state, why);
    }
    // A later capture is not the last one any more: what was refused may be asked for again. It is not promised: the
    // payer may pay it in another way.
    if matches!((operation.kind, outcome), (OperationKind::Capture, GatewayOutcome::Refused { .. })) {
        payments.keep_rest(order, after.id);
    }
    // What was never taken is not given back.
    for (refund, amount) in payments.open_refunds(order, after.id) {
        if after.asked_refund_minor > after.asked_capture_minor {
            after.asked_refund_minor -= amount;
            payments.close(order, |open| open.id == refund, OperationState::Failed, Some("nothing was taken"));
        }
    }
    payments.put(after);
    let payment = payments.payment(order, operation.payment_id).cloned();
    let payment = payment.ok_or_else(|| anyhow::anyhow!("the payment has vanished"))?;
    events::settled(&mut uow.outbox, &payment, &operation, outcome, now)?;
    Ok(Applied::Now(Box::new(payment), operation.kind))
}

/// A payment after what came of an operation.
fn settled(mut payment: Payment, operation: &Operation, outcome: &GatewayOutcome) -> Result<Payment> {
    use OperationKind as K;
    let amount = operation.amount_minor;
    match (operation.kind, outcome) {
        (K::Authorize, GatewayOutcome::NeedsAction { reference, action }) => {
            payment.status = moved(&payment, PaymentMove::Challenge)?;
            (payment.gateway_ref, payment.action) = (Some(reference.clone()), Some(action.clone()));
        }
        (K::Authorize, GatewayOutcome::Done { reference }) => {
            payment.status = moved(&payment, PaymentMove::Authorize)?;
            (payment.gateway_ref, payment.action) = (reference.clone().or(payment.gateway_ref), None);
        }
        (K::Authorize, GatewayOutcome::Refused { why, reference }) => {
            payment.status = moved(&payment, PaymentMove::Decline)?;
            (payment.failure, payment.action) = (Some(why.clone()), None);
            payment.gateway_ref = reference.clone().or(payment.gateway_ref);
        }
        (K::Capture, GatewayOutcome::Done { .. }) => {
            payment.status = moved(&payment, PaymentMove::Capture)?;
            payment.captured_minor += amount;
        }
        (K::Capture, GatewayOutcome::Refused { why, .. }) => {
            payment.asked_capture_minor -= amount;
            payment.failure = Some(why.clone());
        }
        (K::Refund, GatewayOutcome::Done { .. }) => {
            payment.refunded_minor += amount;
            note_refund(&mut payment)?;
        }
        (K::Refund, GatewayOutcome::Refused { why, .. }) => {
            payment.asked_refund_minor -= amount;
            payment.failure = Some(why.clone());
        }
        // It was over before: declined, or given back in full.
        (K::Void, GatewayOutcome::Done { .. }) if !payment.is_loose() => {}
        (K::Void, GatewayOutcome::Done { reference }) => {
            payment.status = moved(&payment, PaymentMove::Void)?;
            (payment.gateway_ref, payment.action) = (reference.clone().or(payment.gateway_ref), None);
            note_refund(&mut payment)?;
        }
        (K::Void, GatewayOutcome::Refused { why, .. }) => payment.failure = Some(why.clone()),
        (_, GatewayOutcome::NeedsAction { .. } | GatewayOutcome::Unknown(_)) => {}
    }
    Ok(payment)
}
