//! Taking payment for an order. Paid in full, its hold becomes a promise; a hold that ran out is refused before
//! any money is recorded.
use super::{
    events,
    read::{self, PaidView},
    rules::{self, Move},
    store,
};
use crate::{
    inventory,
    kernel::{Actor, Code, Currency, Error, Money, OrderId, Result, actor::Permission},
    payments::{self, Gateway, NewPayment},
    platform::{
        db::Db,
        idempotency::{Answer, Once, write_once},
    },
};

/// A payment to be recorded.
#[derive(Debug, Clone)]
pub struct Pay {
    pub gateway: Gateway,
    /// What is due if absent.
    pub amount_minor: Option<i64>,
    /// The order's if absent.
    pub currency: Option<Currency>,
    pub reference: Option<String>,
}

/// Records a payment and, when nothing more is due, confirms the order.
pub async fn pay(db: &Db, actor: Actor, id: OrderId, pay: Pay, key: Once) -> Result<Answer> {
    write_once(db, actor, Permission::OrdersPay, key, move |tx, actor| {
        let order = store::lock(tx, id, actor, Permission::OrdersPay)?;
        rules::moved(order.number, order.status, Move::Confirm)?;
        let due = order.total_minor - order.paid_minor;
        let amount = amount_of(&pay, order.currency(), due, order.number)?;
        let new = NewPayment {
            order: id,
            location: order.location_id,
            gateway: pay.gateway,
            amount,
            reference: pay.reference.clone(),
        };
        let payment = payments::record(tx, &new)?;
        let mut order = store::add_paid(tx, id, amount.amount_minor)?;
        if order.paid_minor == order.total_minor {
            inventory::convert(tx, order.reservation_id, id)?;
            order = store::set_status(tx, id, rules::moved(order.number, order.status, Move::Confirm)?)?;
        } else {
            inventory::demand_active_hold(tx, order.reservation_id)?;
        }
        events::moved(tx, &order)?;
        let at = order.location_id;
        let view = PaidView { payment, order: read::order_view(tx, order)? };
        Answer::created(&view, view.order.version, Some(at), format!("/v1/orders/{id}/payments"))
    })
    .await
}

fn amount_of(pay: &Pay, currency: Currency, due: i64, number: i64) -> Result<Money> {
    if pay.currency.is_some_and(|paid| paid != currency) {
        return Err(Error::refused(Code::CurrencyMismatch, format!("order {number} is in {currency}")));
    }
    let amount = pay.amount_minor.unwrap_or(due);
    if amount > due {
        let detail = format!("pay {amount} for order {number}: {due} minor units are due");
        return Err(Error::refused(Code::PaymentExceedsTotal, detail));
    }
    Money::new(amount, currency)
}
