//! Taking payment for an order. Paid in full, its reservation becomes an allocation; a reservation that has expired is
//! refused before any money is recorded.
use crate::{
    inventory::{Inventory, Stock, StockActions},
    kernel::{Actor, Channel, Code, Currency, Error, Money, OrderId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        model::{OrderEventKind, OrderStatus},
        read::{OrderView, PaidView},
        rules::{self, OrderMove},
        store::Order,
        timeline::By,
        working_set::Orders,
    },
    payments::{GatewayKind, NewPayment, PaymentActions, Payments, TenderTold},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// A payment to be recorded.
#[derive(Debug, Clone)]
pub struct Pay {
    pub gateway: GatewayKind,
    /// The amount due, if absent.
    pub amount_minor: Option<i64>,
    /// The order's if absent.
    pub currency: Option<Currency>,
    pub reference: Option<String>,
    /// The gateway's token for what the payer pays with.
    pub method: Option<String>,
    /// The way in which the money was handed over, with the least coin of the country in minor units.
    pub tender: Option<(TenderTold, i64)>,
    /// The most that the payer can pay with it, in minor units, as far as it is known: the amount due is no more then.
    pub most_minor: Option<i64>,
}

struct PayCommand {
    id: OrderId,
    pay: Pay,
    /// True if the order was confirmed before: its earlier payments are needed then.
    is_late: bool,
}

/// Records a payment and, when nothing more is due, confirms the order. A part payment gives the order no more
/// time: goods are not kept from others for a cent now and then.
pub async fn pay(inventory: &Inventory, caller: Caller, id: OrderId, pay: Pay) -> Result<Recorded<PaidView>> {
    let Caller { actor, key, .. } = caller;
    let command = |is_late| PayCommand { id, pay: pay.clone(), is_late };
    match inventory.group_commit.submit(actor.clone(), Permission::OrdersPay, key.clone(), command(false)).await {
        Err(error) if error.code() == Code::Conflict => {
            inventory.group_commit.submit(actor, Permission::OrdersPay, key, command(true)).await
        }
        done => done,
    }
}

impl Command for PayCommand {
    type Output = PaidView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.id);
        if self.is_late {
            uow.of::<Payments>()?.want(self.id);
        }
        uow.of::<Stock>()?.want_order(self.id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<PaidView>> {
        let (id, pay) = (self.id, &self.pay);
        let order = uow.order(id, who, Permission::OrdersPay)?;
        let location = order.require_place(Permission::OrdersPay, who)?;
        let is_late = require_payable(&order)?;
        if is_late && !self.is_late {
            return Err(Error::refused(Code::Conflict, "the order was confirmed meanwhile"));
        }
        if pay.gateway == GatewayKind::External && order.channel != Channel::Marketplace {
            let detail =
                format!("order {} is from {}: only a marketplace settles elsewhere", order.number, order.channel);
            return Err(Error::refused(Code::UnsupportedGateway, detail));
        }
        let amount = amount_of(pay, order.currency(), order.owed_minor(), order.number)?;
        // A part is paid in the coins that there are; what is rounded is the last of it.
        let is_rest = amount.amount_minor == order.owed_minor();
        let settled = |(told, step): (TenderTold, i64)| told.settled(amount, if is_rest { step } else { 1 }, "/tender");
        let tender = pay.tender.map(settled).transpose()?;
        let paid = order.paid_minor + amount.amount_minor;
        // The reservation decides, before any money is recorded.
        let row = if is_late {
            if amount.amount_minor == order.owed_minor() {
                uow.clear_failures(id)?;
            }
            uow.change_order(By::of(who), id, OrderEventKind::PaymentCaptured, |order| order.paid_minor = paid)?
        } else if amount.amount_minor == order.due_minor() {
            uow.allocate(id)?;
            uow.move_order(By::of(who), id, OrderMove::Confirm, |order| order.paid_minor = paid)?
        } else {
            uow.require_reserved(id)?;
            uow.change_order(By::of(who), id, OrderEventKind::PartPaid, |order| order.paid_minor = paid)?
        };
        let taken = NewPayment::taken(id, order.location_id, pay.gateway, amount, pay.reference.clone());
        let new = NewPayment { tender, ..taken };
        let payment = uow.record_payment(&new)?;
        let view = PaidView { payment: payment.into(), order: OrderView::from(&row) };
        Ok(Outcome::created(id, view.order.version, Some(location), view))
    }
}

/// Refuses an order that waits for no money. Says whether it was confirmed before: then money that could not be taken
/// is paid afterwards.
pub(super) fn require_payable(order: &Order) -> Result<bool> {
    use OrderStatus as S;
    let is_confirmed = matches!(order.status, S::Confirmed | S::Processing | S::Shipped | S::Delivered);
    if is_confirmed && order.owed_minor() > 0 {
        return Ok(true);
    }
    rules::moved(order.number, order.status, OrderMove::Confirm).map(|_| false)
}

pub(super) fn amount_of(pay: &Pay, currency: Currency, due: i64, number: i64) -> Result<Money> {
    if pay.currency.is_some_and(|paid| paid != currency) {
        return Err(Error::refused(Code::CurrencyMismatch, format!("order {number} is in {currency}")));
    }
    let amount = pay.amount_minor.unwrap_or_else(|| pay.most_minor.map_or(due, |most| most.min(due)));
    if amount == 0 && pay.most_minor == Some(0) {
        return Err(Error::refused(Code::PaymentDeclined, "nothing is left on the gift card"));
    }
    if amount > due {
        let detail = format!("pay {amount} for order {number}: {due} minor units are due");
        return Err(Error::refused(Code::PaymentExceedsTotal, detail));
    }
    Money::new(amount, currency)
}
