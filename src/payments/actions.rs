//! The changes of an order's money, as actions on a unit of work.
use super::{
    events,
    gateways::GatewayOutcome,
    model::{NewPayment, Sums},
    outcome::{self, Applied},
    rules::{self, Ask, Due, Stand},
    store::{Operation, Payment},
    working_set::{HEAD_START, Payments, new_payment},
};
use crate::{
    kernel::{Code, Error, OperationId, OrderId, PaymentId, Result},
    payments::status::{GatewayKind, OperationKind, PaymentStatus},
    platform::group_commit::UnitOfWork,
};

/// A refund that was made by hand, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct ManualRefund {
    /// The amount that was given back.
    pub amount: i64,
    /// The amount that is kept beyond what the order costs.
    pub owed: i64,
}

/// Changes of payments in a unit of work.
pub trait PaymentActions {
    /// Records a payment that was taken by hand or elsewhere: it is authorized and captured at once.
    fn record_payment(&mut self, new: &NewPayment) -> Result<Payment>;

    /// Begins a payment at a gateway, with an operation that authorizes it. Earlier payments that still wait for their
    /// payer are voided.
    fn begin_payment(&mut self, new: &NewPayment) -> Result<Payment>;

    /// Captures, refunds or voids payments of an order until their net amount equals the amount due.
    fn collect_due(&mut self, order: OrderId, due: Due) -> Result<Sums>;

    /// Clears the failures of an order's payments once the money was settled in another way.
    fn clear_failures(&mut self, order: OrderId) -> Result<()>;

    /// Allows the failed operation of a payment to be tried again, or a refund that is owed and that nobody was asked
    /// for. `owed` is kept beyond what the order costs, in minor units.
    fn retry_payment(&mut self, order: OrderId, id: PaymentId, owed: i64) -> Result<()>;

    /// Records a refund that was made by hand because the gateway refused it, of what is owed to the payer at most. The
    /// payment needs a person for as long as more is owed.
    fn record_manual_refund(&mut self, order: OrderId, id: PaymentId, refund: ManualRefund) -> Result<Payment>;

    /// Voids what one payment has authorized and not captured.
    fn void_payment(&mut self, order: OrderId, id: PaymentId) -> Result<Sums>;

    /// Applies the outcome of an operation to its payment. An operation whose outcome is not known stays open.
    fn apply_outcome(&mut self, order: OrderId, id: OperationId, outcome: &GatewayOutcome) -> Result<Applied>;
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
        let operation =
            Operation::new(&payment, OperationKind::Authorize, payment.authorized_minor, now + HEAD_START, now);
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

    fn collect_due(&mut self, order: OrderId, due: Due) -> Result<Sums> {
        let payments: Vec<_> = self.of::<Payments>()?.of_order(order).cloned().collect();
        let stands: Vec<_> = payments.iter().map(Stand::from).collect();
        for (at, ask) in rules::requests_for_due(&stands, due)? {
            let Some(id) = payments.get(at).map(|payment| payment.id) else { continue };
            // As the asks before have left it.
            let Some(payment) = self.of::<Payments>()?.payment(order, id).cloned() else { continue };
            note(self, payment, ask)?;
        }
        Ok(self.of::<Payments>()?.sums(order))
    }

    fn clear_failures(&mut self, order: OrderId) -> Result<()> {
        let payments = self.of::<Payments>()?;
        let failed: Vec<_> = payments.of_order(order).filter(|payment| payment.needs_attention()).cloned().collect();
        for payment in failed {
            payments.put(Payment { failure: None, ..payment });
        }
        Ok(())
    }

    fn retry_payment(&mut self, order: OrderId, id: PaymentId, owed: i64) -> Result<()> {
        let payments = self.of::<Payments>()?;
        let found = payments.payment(order, id).filter(|payment| payment.needs_attention() || owed > 0).cloned();
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

    fn record_manual_refund(&mut self, order: OrderId, id: PaymentId, refund: ManualRefund) -> Result<Payment> {
        let (now, ManualRefund { amount, owed }) = (self.now, refund);
        let is_open = |payment: &&Payment| payment.needs_attention() || owed > 0;
        let found = self.of::<Payments>()?.payment(order, id).filter(is_open).cloned();
        let mut payment =
            found.ok_or_else(|| Error::refused(Code::NothingToRetry, "nothing about the payment has failed"))?;
        if payment.gateway == GatewayKind::GiftCard {
            let detail = "a gift card takes back what is owed to it by itself: retry the payment";
            return Err(Error::refused(Code::NothingToRetry, detail));
        }
        let most = owed.clamp(0, payment.captured_minor - payment.asked_refund_minor);
        if amount > most {
            let detail = format!("give back {amount} minor units: {most} of what was taken are owed to the payer");
            return Err(Error::refused(Code::PaymentExceedsTotal, detail));
        }
        payment.asked_refund_minor += amount;
        payment.refunded_minor += amount;
        if amount == owed {
            payment.failure = None;
        }
        let done = Operation::new(&payment, OperationKind::Refund, amount, now, now);
        crate::payments::rules::note_refund(&mut payment)?;
        events::refunded(&mut self.outbox, &payment, amount, now)?;
        let payments = self.of::<Payments>()?;
        payments.ask(done.done());
        payments.put(payment.clone());
        Ok(payment)
    }

    fn void_payment(&mut self, order: OrderId, id: PaymentId) -> Result<Sums> {
        if let Some(payment) = self.of::<Payments>()?.payment(order, id).cloned() {
            note(self, payment, Ask::Void)?;
        }
        Ok(self.of::<Payments>()?.sums(order))
    }

    fn apply_outcome(&mut self, order: OrderId, id: OperationId, outcome: &GatewayOutcome) -> Result<Applied> {
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
