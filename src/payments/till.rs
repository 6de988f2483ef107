//! The payments as a lane holds them: those of one batch, changed in memory and written at once. They are safe under
//! the locks of their orders, which are taken before.
use super::{NewPayment, Payment, PaymentStatus, events, store};
use crate::{
    kernel::{Error, OrderId, PaymentId, Result},
    platform::{
        db::{Bulk, Write},
        intake::{Book, Books, Mutant, Patience},
    },
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

/// A payment in memory.
#[derive(Clone)]
struct Kept {
    payment: Payment,
    is_new: bool,
    is_changed: bool,
}

/// The payments of one batch.
#[derive(Default)]
pub struct Till {
    wanted: BTreeSet<OrderId>,
    payments: HashMap<OrderId, Vec<Kept>>,
    noted: usize,
}

impl Till {
    /// Asks for the payments of an order.
    pub fn want(&mut self, order: OrderId) {
        self.wanted.insert(order);
    }
}

/// What happens to money, in the books of a lane.
impl Books {
    /// Records money that was taken by hand: authorised and captured at once.
    pub fn record_payment(&mut self, new: &NewPayment) -> Result<Payment> {
        let now = self.now;
        let payment = Payment {
            id: PaymentId::new(),
            order_id: new.order,
            location_id: new.location,
            gateway: new.gateway,
            status: PaymentStatus::Captured,
            currency: new.amount.currency,
            authorised_minor: new.amount.amount_minor,
            captured_minor: new.amount.amount_minor,
            refunded_minor: 0,
            reference: new.reference.clone(),
            version: 1,
            created_at: now,
        };
        events::captured(&mut self.outbox, &payment, now)?;
        let till = self.of::<Till>()?;
        till.noted += 1;
        let kept = Kept { payment: payment.clone(), is_new: true, is_changed: false };
        till.payments.entry(new.order).or_default().push(kept);
        Ok(payment)
    }

    /// Gives back everything that was captured for an order and returns the sum in minor units.
    pub fn refund_all(&mut self, order: OrderId) -> Result<i64> {
        let now = self.now;
        let mut payments = self.of::<Till>()?.payments.get(&order).cloned().unwrap_or_default();
        let mut sum: i64 = 0;
        for Kept { payment, is_changed, .. } in &mut payments {
            let amount = payment.captured_minor - payment.refunded_minor;
            if amount == 0 {
                continue;
            }
            let too_much = || Error::Internal(anyhow::anyhow!("the refunds of order {order} overflow"));
            sum = sum.checked_add(amount).ok_or_else(too_much)?;
            payment.refunded_minor = payment.captured_minor;
            payment.status = PaymentStatus::Refunded;
            payment.version += 1;
            *is_changed = true;
            events::refunded(&mut self.outbox, payment, amount, now)?;
        }
        let till = self.of::<Till>()?;
        till.noted += payments.len();
        till.payments.insert(order, payments);
        Ok(sum)
    }
}

impl Book for Till {
    fn clear(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, _: Patience, _: Mutant) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let orders: Vec<_> = self.wanted.iter().copied().collect();
        for payment in store::refundable(tx.conn(), orders)? {
            let kept = Kept { payment, is_new: false, is_changed: false };
            self.payments.entry(kept.payment.order_id).or_default().push(kept);
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let all = self.payments.values().flatten();
        let (new, old): (Vec<_>, Vec<_>) = all.partition(|kept| kept.is_new);
        let old = old.into_iter().filter(|kept| kept.is_changed);
        store::insert(bulk, &new.into_iter().map(|kept| &kept.payment).collect::<Vec<_>>(), now);
        store::save_refunds(bulk, &old.map(|kept| &kept.payment).collect::<Vec<_>>(), now);
        Ok(())
    }
}
