//! The changes of an order's money, as actions on a unit of work.
use super::{
    NewPayment, Operation, OperationKind, Payment, PaymentStatus, Sums, events,
    gateways::Outcome,
    outcome::{self, Settled},
    rules::{self, Ask, Due, Stand},
    working_set::{HEAD_START, Payments, new_payment},
};
use crate::{
    kernel::{Code, Error, OperationId, OrderId, PaymentId, Result},
    platform::group_commit::UnitOfWork,
};

/// Changes of payments in a unit of work.
pub trait PaymentActions {
    /// Records money that was taken by hand or elsewhere: authorized and captured at once.
    fn record_payment(&mut self, new: &NewPayment) -> Result<Payment>;

    /// Notes that a gateway is to be asked for a promise. Payments for which the payer never did what was required
    /// are given up.
    fn begin_payment(&mut self, new: &NewPayment) -> Result<Payment>;

    /// Asks for whatever brings what is kept of an order's payments to what is due.
    fn square(&mut self, order: OrderId, due: Due) -> Result<Sums>;

    /// Forgets that money of an order could not be taken or given back: it has come to be in another way.
    fn forget_failures(&mut self, order: OrderId) -> Result<()>;

    /// Has what failed about a payment asked again: what is still promised may be taken, and what was taken given back.
    fn try_again(&mut self, order: OrderId, id: PaymentId) -> Result<()>;

    /// Notes that money was given back by hand, past the gateway that refused to.
    fn note_refund_by_hand(&mut self, order: OrderId, id: PaymentId, amount: i64) -> Result<Payment>;

    /// Gives up what one payment has promised.
    fn give_up_payment(&mut self, order: OrderId, id: PaymentId) -> Result<Sums>;

    /// Applies the outcome of an operation to its payment. An operation whose outcome is not known stays open.
    fn apply_outcome(&mut self, order: OrderId, id: OperationId, outcome: &Outcome) -> Result<Settled>;
}

impl PaymentActions for UnitOfWork {
    fn record_payment(&mut self, new: &NewPayment) -> Result<Payment> {
        let now = self.now;
        let payment = new_payment(new, now);
        events::captured(&mut self.outbox, &payment, payment.captured_minor, now)?;
        self.of::<Payments>()?.add(payment.clone());
        Ok(payment)
    }

    fn begin_payment(&mut self, new: &NewPayment) -> Result<Payment> {
        let now = self.now;
        let payment = new_payment(new, now);
        let whole = (payment.authorized_minor, false);
        let operation = Operation::new(&payment, OperationKind::Authorize, whole, now + HEAD_START, now);
        let waiting = self.of::<Payments>()?.of_order(new.order);
        let waiting = waiting.filter(|payment| payment.status == PaymentStatus::RequiresAction && !payment.is_released);
        let waiting: Vec<_> = waiting.cloned().collect();
        for stale in waiting {
            note(self, stale, Ask::Void)?;
        }
        let payments = self.of::<Payments>()?;
        payments.add(payment.clone());
        payments.ask(operation);
        Ok(payment)
    }

    fn square(&mut self, order: OrderId, due: Due) -> Result<Sums> {
        let _now = self.now;
        let payments: Vec<_> = self.of::<Payments>()?.of_order(order).cloned().collect();
        let stands: Vec<_> = payments.iter().map(Stand::from).collect();
        for (at, ask) in rules::square(&stands, due)? {
            let Some(id) = payments.get(at).map(|payment| payment.id) else { continue };
            // As the asks before have left it.
            let Some(payment) = self.of::<Payments>()?.payment(order, id).cloned() else { continue };
            note(self, payment, ask)?;
        }
        Ok(self.of::<Payments>()?.sums(order))
    }

    fn forget_failures(&mut self, order: OrderId) -> Result<()> {
        let payments = self.of::<Payments>()?;
        let failed: Vec<_> = payments.of_order(order).filter(|payment| payment.needs_attention()).cloned().collect();
        for payment in failed {
            payments.put(Payment { failure: None, ..payment });
        }
        Ok(())
    }

    fn try_again(&mut self, order: OrderId, id: PaymentId) -> Result<()> {
        let payments = self.of::<Payments>()?;
        let found = payments.payment(order, id).filter(|payment| payment.needs_attention()).cloned();
        let mut payment =
            found.ok_or_else(|| Error::refused(Code::NothingToRetry, "nothing about the payment has failed"))?;
        payment.failure = None;
        // What was given up with a capture that failed is still promised.
        let is_promised = matches!(payment.status, PaymentStatus::Authorized | PaymentStatus::Captured);
        if is_promised && payment.asked_capture_minor < payment.authorized_minor && payment.gateway.is_called() {
            payment.is_released = false;
        }
        payments.put(payment);
        Ok(())
    }

    fn note_refund_by_hand(&mut self, order: OrderId, id: PaymentId, amount: i64) -> Result<Payment> {
        let now = self.now;
        let found = self.of::<Payments>()?.payment(order, id).filter(|payment| payment.needs_attention()).cloned();
        let mut payment =
            found.ok_or_else(|| Error::refused(Code::NothingToRetry, "nothing about the payment has failed"))?;
        if amount > payment.captured_minor - payment.asked_refund_minor {
            let detail = format!(
                "give back {amount} minor units: {} of what was taken are left",
                payment.captured_minor - payment.asked_refund_minor
            );
            return Err(Error::refused(Code::PaymentExceedsTotal, detail));
        }
        payment.asked_refund_minor += amount;
        payment.refunded_minor += amount;
        payment.failure = None;
        let done = Operation::new(&payment, OperationKind::Refund, (amount, false), now, now);
        outcome::note_refund(&mut payment)?;
        events::refunded(&mut self.outbox, &payment, amount, now)?;
        let payments = self.of::<Payments>()?;
        payments.ask(done.done());
        payments.put(payment.clone());
        Ok(payment)
    }

    fn give_up_payment(&mut self, order: OrderId, id: PaymentId) -> Result<Sums> {
        let _now = self.now;
        if let Some(payment) = self.of::<Payments>()?.payment(order, id).cloned() {
            note(self, payment, Ask::Void)?;
        }
        Ok(self.of::<Payments>()?.sums(order))
    }

    fn apply_outcome(&mut self, order: OrderId, id: OperationId, outcome: &Outcome) -> Result<Settled> {
        outcome::apply(self, order, id, outcome)
    }
}

/// Notes a request for a payment: at once where no gateway need be called, as an operation otherwise.
fn note(uow: &mut UnitOfWork, payment: Payment, ask: Ask) -> Result<()> {
    let now = uow.now;
    let mut payments = std::mem::take(uow.of::<Payments>()?);
    let done = payments.note(payment, ask, &mut uow.outbox, now);
    *uow.of::<Payments>()? = payments;
    done
}
