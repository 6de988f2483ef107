//! Pure decisions about money: the table of a payment's moves, and what to ask of gateways so that an order's payments
//! come to what is due.
use crate::{
    kernel::{Error, Result},
    payments::{status::PaymentStatus, store::Payment},
};

/// Something that becomes of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentMove {
    /// The payer is asked to do something.
    Challenge,
    /// It is promised.
    Authorize,
    /// It is refused.
    Decline,
    /// Money is taken.
    Capture,
    /// Everything that was taken is given back.
    Refund,
    /// The authorization is voided.
    Void,
}

/// The table of moves; none where the move is impossible.
pub fn next(status: PaymentStatus, step: PaymentMove) -> Option<PaymentStatus> {
    use PaymentMove as M;
    use PaymentStatus as S;
    match (status, step) {
        (S::Pending | S::RequiresAction, M::Challenge) => Some(S::RequiresAction),
        (S::Pending | S::RequiresAction, M::Authorize) => Some(S::Authorized),
        (S::Pending | S::RequiresAction, M::Decline) => Some(S::Declined),
        // A void after a part was taken gives up the rest.
        (S::Authorized | S::Captured, M::Capture) | (S::Captured, M::Void) => Some(S::Captured),
        (S::Captured, M::Refund) => Some(S::Refunded),
        (S::Pending | S::RequiresAction | S::Authorized, M::Void) => Some(S::Voided),
        _ => None,
    }
}

/// The state of a payment, as far as money is concerned. Amounts are minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stand {
    /// The status.
    pub status: PaymentStatus,
    /// The amount that was authorized, or is asked for.
    pub authorized: i64,
    /// The amount that was asked to be captured so far.
    pub asked_capture: i64,
    /// The amount that was asked to be refunded so far.
    pub asked_refund: i64,
    /// True if the rest is given up.
    pub is_released: bool,
    /// True if it can be captured once only, with the rest given up.
    pub is_single_capture: bool,
    /// True if the gateway refused what it was asked last.
    pub has_failed: bool,
}

impl Stand {
    /// The amount that may still be captured.
    fn open(&self) -> i64 {
        match (self.status, self.is_released) {
            (PaymentStatus::Authorized | PaymentStatus::Captured, false) => self.authorized - self.asked_capture,
            _ => 0,
        }
    }

    /// True if its last capture was refused, so that it is authorized still with nothing asked of it.
    fn is_left_over(&self) -> bool {
        self.is_released && self.status == PaymentStatus::Authorized && self.has_failed && self.asked_capture == 0
    }

    /// The amount that is kept of it when everything that was asked is done.
    fn net(&self) -> i64 {
        self.asked_capture - self.asked_refund
    }

    /// True if something is promised, or may yet be, that has to be given up when nothing more is wanted.
    fn is_loose(&self) -> bool {
        use PaymentStatus as S;
        !self.is_released && matches!(self.status, S::Pending | S::RequiresAction | S::Authorized | S::Captured)
    }
}

/// The request for one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// To take so much; the rest is given up if it is the last time.
    Capture { amount: i64, is_final: bool },
    /// To give so much back.
    Refund { amount: i64 },
    /// To give up what is promised.
    Void,
}

/// The amounts that an order's payments shall come to, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The worth of what has left: so much is captured.
    pub now: i64,
    /// The price of the order: what is kept beyond it, such as cash for goods that were given up, is given back.
    pub at_most: i64,
    /// True if nothing more will leave.
    pub is_last: bool,
}

impl Due {
    /// Nothing is kept and nothing stays promised.
    pub const NOTHING: Self = Self { now: 0, at_most: 0, is_last: true };
}

/// The requests, payment by payment in the order given (oldest first), so that what is kept comes to what is due. Takes
/// from the oldest first and gives back from the youngest first. Payments that are captured once wait for the last
/// time: never is more taken than what is due. Afterwards, on the last time, nothing stays promised.
pub fn requests_for_due(stands: &[Stand], due: Due) -> Result<Vec<(usize, Ask)>> {
    let Due { now, at_most, is_last } = due;
    let sum = |of: fn(&Stand) -> i64| stands.iter().try_fold(0_i64, |sum, stand| sum.checked_add(of(stand)));
    let overflow = || Error::Internal(anyhow::anyhow!("the payments of an order overflow"));
    let kept = sum(Stand::net).ok_or_else(overflow)?;
    let (mut lacking, mut too_much) = ((now - kept).max(0), (kept - at_most).max(0));
    let mut asks = vec![];
    for (at, stand) in stands.iter().enumerate() {
        let may_take = is_last || !stand.is_single_capture;
        let amount = if may_take { lacking.min(stand.open()) } else { 0 };
        lacking -= amount;
        if amount > 0 {
            asks.push((at, Ask::Capture { amount, is_final: is_last }));
        } else if is_last && (stand.is_loose() || stand.is_left_over() && lacking == 0) {
            asks.push((at, Ask::Void));
        }
    }
    for (at, stand) in stands.iter().enumerate().rev() {
        let amount = too_much.min(stand.net());
        too_much -= amount;
        if amount > 0 {
            asks.push((at, Ask::Refund { amount }));
        }
    }
    Ok(asks)
}

/// Everything that was taken has come back, and nothing more will be taken.
pub fn note_refund(payment: &mut Payment) -> Result<()> {
    let is_over = payment.is_released && payment.captured_minor == payment.asked_capture_minor;
    if is_over && payment.captured_minor > 0 && payment.refunded_minor == payment.captured_minor {
        payment.status = moved(payment, PaymentMove::Refund)?;
    }
    Ok(())
}

pub fn moved(payment: &Payment, step: PaymentMove) -> Result<PaymentStatus> {
    let after = next(payment.status, step);
    after.ok_or_else(|| anyhow::anyhow!("payment {} is {} and cannot {step:?}", payment.id, payment.status).into())
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
