//! The payments as a lane holds them: those of one batch, changed in memory and written at once. They are safe under
//! the locks of their orders, which are taken before.
use super::{
    events,
    model::{NewPayment, Sums},
    rules::{Ask, Stand},
    store::{self, Operation, Payment},
};
use crate::{
    kernel::{OperationId, OrderId, PaymentId, Result},
    payments::status::{OperationKind, OperationState, PaymentStatus},
    platform::{
        db::{Bulk, Write},
        events::Outbox,
        group_commit::{Mutant, Patience, Tracked, Versioned, WorkingSet, changed},
    },
};
use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeSet, HashMap};

/// The time that whoever has asked for a payment has for asking the gateway, before the service asks by itself.
pub(super) const HEAD_START: Duration = Duration::seconds(30);

impl Versioned for Payment {
    fn version(&self) -> i64 {
        self.version
    }
}

/// An operation in memory.
struct Asked {
    operation: Operation,
    is_new: bool,
    is_changed: bool,
}

/// The payments of one batch, with what is still open of them.
#[derive(Default)]
pub struct Payments {
    wanted: BTreeSet<OrderId>,
    payments: HashMap<OrderId, Vec<Tracked<Payment>>>,
    operations: HashMap<OrderId, Vec<Asked>>,
    noted: usize,
}

impl Payments {
    /// Asks for the payments of an order.
    pub fn want(&mut self, order: OrderId) {
        self.wanted.insert(order);
    }

    /// The open operation of an order with an id.
    pub(super) fn open(&self, order: OrderId, id: OperationId) -> Option<&Operation> {
        let asked = self.operations.get(&order)?.iter().map(|asked| &asked.operation);
        asked.into_iter().find(|open| open.id == id && open.state == OperationState::Open)
    }

    /// Refunds of a payment that are open, the youngest first, with their amounts.
    pub(super) fn open_refunds(&self, order: OrderId, payment: PaymentId) -> Vec<(OperationId, i64)> {
        let asked = self.operations.get(&order).into_iter().flatten().map(|asked| &asked.operation);
        let is_it = |open: &&Operation| {
            open.payment_id == payment && open.kind == OperationKind::Refund && open.state == OperationState::Open
        };
        let mut open: Vec<_> = asked.filter(is_it).map(|open| (open.id, open.amount_minor)).collect();
        open.sort_by_key(|refund| std::cmp::Reverse(*refund));
        open
    }

    /// Lets the captures of a payment that are still to be asked for keep what is not captured.
    pub(super) fn keep_rest(&mut self, order: OrderId, payment: PaymentId) {
        let open = self.operations.get_mut(&order).into_iter().flatten();
        let is_last = |asked: &&mut Asked| {
            let open = &asked.operation;
            open.payment_id == payment && open.state == OperationState::Open && open.is_final
        };
        for asked in open.filter(is_last) {
            (asked.operation.is_final, asked.is_changed) = (false, true);
        }
    }

    /// The sums of an order's payments.
    pub fn sums(&self, order: OrderId) -> Sums {
        Sums::of(self.of_order(order))
    }

    /// The amount that gateways were asked to authorize for an order and have not answered.
    pub fn in_flight(&self, order: OrderId) -> i64 {
        let asked =
            self.of_order(order).filter(|payment| payment.status == PaymentStatus::Pending && !payment.is_released);
        asked.map(|payment| payment.authorized_minor).sum()
    }

    /// The payments of an order.
    pub(super) fn of_order(&self, order: OrderId) -> impl Iterator<Item = &Payment> {
        self.payments.get(&order).into_iter().flatten().map(|tracked| &tracked.record)
    }

    /// A payment of an order.
    pub fn payment(&self, order: OrderId, id: PaymentId) -> Option<&Payment> {
        self.of_order(order).find(|payment| payment.id == id)
    }

    pub(super) fn add(&mut self, payment: Payment) {
        self.noted += 1;
        self.payments.entry(payment.order_id).or_default().push(Tracked::fresh(payment));
    }

    pub(super) fn put(&mut self, payment: Payment) {
        self.noted += 1;
        let of_order = self.payments.entry(payment.order_id).or_default();
        if let Some(tracked) = of_order.iter_mut().find(|tracked| tracked.record.id == payment.id) {
            tracked.record = Payment { version: payment.version + 1, ..payment };
        }
    }

    pub(super) fn ask(&mut self, operation: Operation) {
        self.noted += 1;
        let of_order = self.operations.entry(operation.order_id).or_default();
        of_order.push(Asked { operation, is_new: true, is_changed: false });
    }

    /// Closes what is open, as it came out.
    pub(super) fn close(
        &mut self,
        order: OrderId,
        is_it: impl Fn(&Operation) -> bool,
        state: OperationState,
        why: Option<&str>,
    ) {
        let open = self.operations.get_mut(&order).into_iter().flatten();
        for asked in open.filter(|asked| asked.operation.state == OperationState::Open && is_it(&asked.operation)) {
            asked.operation.state = state;
            asked.operation.failure = why.map(str::to_owned);
            asked.is_changed = true;
            self.noted += 1;
        }
    }

    /// Notes one ask about a payment: at once where no gateway need be called, as an operation otherwise.
    pub(super) fn note(
        &mut self,
        mut payment: Payment,
        ask: Ask,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let is_called = payment.gateway.is_called();
        let operation = match ask {
            Ask::Capture { amount, is_final } => {
                payment.asked_capture_minor += amount;
                payment.is_released |= is_final;
                Operation::new(&payment, OperationKind::Capture, amount, now, now).finally(is_final)
            }
            Ask::Refund { amount } => {
                payment.asked_refund_minor += amount;
                // What was refused before is asked for again with it.
                payment.failure = None;
                if !is_called {
                    payment.refunded_minor += amount;
                    crate::payments::rules::note_refund(&mut payment)?;
                    events::refunded(outbox, &payment, amount, now)?;
                }
                Operation::new(&payment, OperationKind::Refund, amount, now, now)
            }
            Ask::Void => {
                payment.is_released = true;
                let is_authorize =
                    |open: &Operation| open.payment_id == payment.id && open.kind == OperationKind::Authorize;
                self.close(payment.order_id, is_authorize, OperationState::Failed, Some("given up"));
                Operation::new(&payment, OperationKind::Void, 0, now, now)
            }
        };
        match (is_called, operation.kind) {
            (true, _) => self.ask(operation),
            // Money that a person gives back: the takings of the day tell it.
            (false, OperationKind::Refund) => self.ask(operation.done()),
            (false, _) => {}
        }
        self.put(payment);
        Ok(())
    }
}

pub(super) fn new_payment(new: &NewPayment, now: DateTime<Utc>) -> Payment {
    let is_called = new.gateway.is_called();
    let taken = if is_called { 0 } else { new.amount.amount_minor };
    Payment {
        id: PaymentId::new(),
        order_id: new.order,
        location_id: new.location,
        gateway: new.gateway,
        status: if is_called { PaymentStatus::Pending } else { PaymentStatus::Captured },
        currency: new.amount.currency,
        authorized_minor: new.amount.amount_minor,
        captured_minor: taken,
        refunded_minor: 0,
        reference: new.reference.clone(),
        asked_capture_minor: taken,
        asked_refund_minor: 0,
        is_released: !is_called,
        is_single_capture: new.is_single_capture,
        is_extra: new.is_extra,
        method: new.method.clone(),
        gateway_ref: None,
        action: None,
        failure: None,
        tender: new.tender,
        taken_at: new.taken_at,
        version: 1,
        created_at: now,
    }
}

impl From<&Payment> for Stand {
    fn from(payment: &Payment) -> Self {
        Self {
            status: payment.status,
            authorized: payment.authorized_minor,
            asked_capture: payment.asked_capture_minor,
            asked_refund: payment.asked_refund_minor,
            is_released: payment.is_released,
            is_single_capture: payment.is_single_capture,
            has_failed: payment.needs_attention(),
        }
    }
}

impl WorkingSet for Payments {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, _: Patience, _: Mutant) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let orders: Vec<_> = self.wanted.iter().copied().collect();
        let payments = store::payments_of(tx.conn(), &orders)?;
        let is_called = payments.iter().any(|payment| payment.gateway.is_called());
        for payment in payments {
            self.payments.entry(payment.order_id).or_default().push(Tracked::read(payment));
        }
        if is_called {
            for operation in store::open_operations(tx.conn(), &orders)? {
                let asked = Asked { operation, is_new: false, is_changed: false };
                self.operations.entry(asked.operation.order_id).or_default().push(asked);
            }
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let (new, old) = changed(self.payments.values().flatten());
        store::insert(bulk, &new, now);
        store::save(bulk, &old, now);
        let (new, old): (Vec<_>, Vec<_>) = self.operations.values().flatten().partition(|asked| asked.is_new);
        let old = old.into_iter().filter(|asked| asked.is_changed);
        store::insert_operations(bulk, &new.into_iter().map(|asked| &asked.operation).collect::<Vec<_>>());
        store::save_operations(bulk, &old.map(|asked| &asked.operation).collect::<Vec<_>>(), now);
        Ok(())
    }
}
