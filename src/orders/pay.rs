//! Taking payment for an order. Paid in full, its hold becomes a promise; a hold that ran out is refused before
//! any money is recorded.
use super::{
    model::OrderEventKind,
    read::{OrderView, PaidView},
    register::Register,
    rules::{self, Move},
    timeline::By,
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, Code, Currency, Error, Money, OrderId, Result, actor::Permission, words::Channel},
    payments::{GatewayKind, NewPayment},
    platform::{
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};

/// A payment to be recorded.
#[derive(Debug, Clone)]
pub struct Pay {
    pub gateway: GatewayKind,
    /// What is due if absent.
    pub amount_minor: Option<i64>,
    /// The order's if absent.
    pub currency: Option<Currency>,
    pub reference: Option<String>,
    /// The gateway's token for what the payer pays with.
    pub method: Option<String>,
}

struct PayJob {
    id: OrderId,
    pay: Pay,
    hold_seconds: i64,
}

/// Records a payment and, when nothing more is due, confirms the order. A part payment gives the order its full time
/// again, so that whoever is paying is not cut off.
pub async fn pay(
    inventory: &Inventory,
    actor: Actor,
    id: OrderId,
    pay: Pay,
    hold_seconds: i64,
    key: Once,
) -> Result<Answer> {
    inventory.intake.submit(actor, Permission::OrdersPay, key, PayJob { id, pay, hold_seconds }).await
}

impl Job for PayJob {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Register>()?.want(self.id);
        books.of::<Stock>()?.want_order(self.id);
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let (id, pay, now) = (self.id, &self.pay, books.now);
        let order = books.order(id, who, Permission::OrdersPay)?;
        let place = order.demand_place(Permission::OrdersPay, who)?;
        rules::moved(order.number, order.status, Move::Confirm)?;
        if pay.gateway == GatewayKind::External && order.channel != Channel::Marketplace {
            let detail =
                format!("order {} is from {}: only a marketplace settles elsewhere", order.number, order.channel);
            return Err(Error::refused(Code::UnsupportedGateway, detail));
        }
        let amount = amount_of(pay, order.currency(), order.due_minor(), order.number)?;
        let paid = order.paid_minor + amount.amount_minor;
        // The hold decides, before any money is recorded.
        let row = if amount.amount_minor == order.due_minor() {
            books.convert(id)?;
            books.move_order(By::of(who), (id, Move::Confirm), |order| order.paid_minor = paid)?
        } else {
            let until = now + chrono::Duration::seconds(self.hold_seconds);
            books.extend(id, until)?;
            books.change_order(By::of(who), (id, OrderEventKind::PartPaid), |order| {
                order.paid_minor = paid;
                order.hold_expires_at = order.hold_expires_at.max(until);
            })?
        };
        let new = NewPayment::taken((id, order.location_id), pay.gateway, amount, pay.reference.clone());
        let payment = books.record_payment(&new)?;
        let view = PaidView { payment, order: OrderView::from(&row) };
        Answer::created(&view, view.order.version, Some(place), format!("/v1/orders/{id}/payments"))
    }
}

pub(super) fn amount_of(pay: &Pay, currency: Currency, due: i64, number: i64) -> Result<Money> {
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
