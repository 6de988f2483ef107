//! Paying through a gateway, as a saga: what is to be asked is written down and the reservation extended; the gateway
//! is called with no transaction open; what came of it is written down with what it brings about. Whatever is lost on
//! the way is asked again later under the same key.
use super::{
    outcome::{self},
    record::{Pay, amount_of, require_payable},
};
use crate::{
    inventory::{Inventory, Stock, StockActions},
    kernel::{Actor, Code, Error, Expected, Locations, OrderId, PaymentId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        editing::VoidIncrease,
        model::OrderEventKind,
        read::{self, PaidView, orders_by_id},
        rules,
        service::Services,
        timeline::By,
        working_set::Orders,
    },
    payments::{
        self, GatewayKind, NewPayment, OperationKind, PaymentActions, PaymentStatus, Payments,
        gateways::stripe::Stripe, gift_cards,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Once, Outcome, Recorded},
    },
};
use serde::{Deserialize, Serialize};

/// The result of the first step of a payment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Begun {
    payment: PaymentId,
    order: OrderId,
}

struct Begin {
    id: OrderId,
    pay: Pay,
    hold_seconds: i64,
    is_single_capture: bool,
    extra: Option<Extra>,
}

/// The addition to an order that is paid already.
#[derive(Debug, Clone)]
pub struct Extra {
    /// The price of the order, in minor units.
    pub total_minor: i64,
    /// The version that is to be changed.
    pub expected: Expected,
}

/// The authorization of a gateway for what is added.
#[derive(Debug, Clone)]
pub struct AuthorizedIncrease {
    pub payment: PaymentId,
    /// The order's version after it.
    pub version: i64,
}

/// Has the difference promised that a change of an order makes.
pub async fn authorize_increase(
    services: &Services,
    actor: Actor,
    id: OrderId,
    pay: Pay,
    extra: Extra,
) -> Result<AuthorizedIncrease> {
    let (inventory, money) = (&services.inventory, &services.money);
    let is_single_capture = money.gateways.require(pay.gateway)?.captures_once();
    let pay = with_payer(inventory, pay, "/payment/method").await?;
    let begin = Begin { id, pay, hold_seconds: 0, is_single_capture, extra: Some(extra) };
    let Begun { payment, .. } =
        inventory.group_commit.submit(actor, Permission::OrdersPay, None, begin).await?.read()?;
    let asked = outcome::ask(services, payment, Some(OperationKind::Authorize)).await?;
    let Some(asked) = asked else {
        inventory.group_commit.work(VoidIncrease { order: id, payment }).await?;
        let detail = "the gateway has not said yet whether it promises the difference; nothing was changed";
        return Err(Error::refused(Code::PaymentInProgress, detail));
    };
    let paid = outcome::record(services, asked).await?;
    outcome::require_accepted(&paid.payment)?;
    if paid.payment.status == PaymentStatus::Authorized {
        return Ok(AuthorizedIncrease { payment, version: paid.order.version });
    }
    inventory.group_commit.work(VoidIncrease { order: id, payment }).await?;
    let detail = "the payer must confirm it; pay for a change with what needs no confirmation";
    Err(Error::refused(Code::PaymentDeclined, detail))
}

/// The same, refused without a payer's token, which stands at a place in the request; with the id of a gift card in
/// place of its code, which is written down nowhere, and with what is left on it.
async fn with_payer(inventory: &Inventory, pay: Pay, pointer: &'static str) -> Result<Pay> {
    let Some(method) = &pay.method else {
        let detail = format!("{} needs the payer's token as method", pay.gateway);
        return Err(Error::at(Code::InvalidBody, pointer, detail));
    };
    if pay.gateway != GatewayKind::GiftCard {
        return Ok(pay);
    }
    let payer = gift_cards::payer(&inventory.db, method, pointer).await?;
    Ok(Pay { method: Some(payer.card.to_string()), most_minor: Some(payer.available_minor), ..pay })
}

/// Has an order paid through a gateway; refused when the payer's bank says no. Where the gateway does not answer in
/// time the payment is told as pending, and its outcome is found out later.
pub async fn charge(
    services: &Services,
    caller: Caller,
    id: OrderId,
    pay: Pay,
    hold_seconds: i64,
) -> Result<Recorded<PaidView>> {
    let Caller { actor, key, .. } = caller;
    let (inventory, money) = (&services.inventory, &services.money);
    let is_single_capture = money.gateways.require(pay.gateway)?.captures_once();
    let pay = with_payer(inventory, pay, "/method").await?;
    let begin = Begin { id, pay, hold_seconds, is_single_capture, extra: None };
    let begun = inventory.group_commit.submit(actor.clone(), Permission::OrdersPay, key.clone(), begin).await?;
    let is_replay = begun.is_replay;
    let Begun { payment, order } = begun.read()?;
    // The outcome is kept under a key that no caller can send.
    let key = key.map(|key| Once { key: format!("\u{1}{payment}"), wait: None, ..key });
    let caller = Caller::new(actor, key);
    let recorded = match outcome::ask(services, payment, Some(OperationKind::Authorize)).await? {
        Some(asked) => outcome::answer(services, asked, caller).await?,
        None => match outcome::told(services, order, payment, caller).await? {
            Some(told) => told,
            None => pending(inventory, order, payment).await?,
        },
    };
    Ok(recorded.marked(is_replay))
}

/// A payment of which nothing is known yet.
async fn pending(inventory: &Inventory, order: OrderId, payment: PaymentId) -> Result<Recorded<PaidView>> {
    let gone = move || anyhow::anyhow!("payment {payment} of order {order} has vanished");
    let view = inventory.db.read(move |db| {
        let found = orders_by_id(db, &Locations::Everywhere, &[order])?.pop().ok_or_else(gone)?;
        let payment = payments::payments_by_id(db, &Locations::Everywhere, &[payment])?.pop().ok_or_else(gone)?;
        Ok(PaidView { payment: payment.into(), order: read::order_view(db, found)? })
    });
    let view = view.await?;
    Outcome::pending(order, view.order.version, Some(view.order.location_id), view).record()
}

impl Command for Begin {
    type Output = Begun;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.id);
        uow.of::<Payments>()?.want(self.id);
        uow.of::<Stock>()?.want_order(self.id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<Begun>> {
        let (id, pay) = (self.id, &self.pay);
        let order = uow.order(id, who, Permission::OrdersPay)?;
        let place = order.require_place(Permission::OrdersPay, who)?;
        let in_flight = uow.of::<Payments>()?.in_flight(id);
        let mut is_late = false;
        let due = match &self.extra {
            None => {
                is_late = require_payable(&order)?;
                order.owed_minor() - in_flight
            }
            Some(extra) => {
                extra.expected.check("the order", order.version)?;
                rules::require_open(order.number, order.status)?;
                order.due_minor() - order.total_minor + extra.total_minor - in_flight
            }
        };
        if due <= 0 {
            let detail = format!("all that is due for order {} is being paid already", order.number);
            return Err(Error::refused(Code::PaymentInProgress, detail));
        }
        let amount = amount_of(pay, order.currency(), due, order.number)?;
        if pay.gateway == GatewayKind::Stripe {
            Stripe::require_representable(amount)?;
        }
        // Whoever pays all of the rest is not cut off meanwhile.
        let until = order.reserved_until(uow.now, chrono::Duration::seconds(self.hold_seconds));
        let is_rest = amount.amount_minor == due;
        if self.extra.is_none() && !is_late {
            if is_rest { uow.extend_reservation(id, until)? } else { uow.require_reserved(id)? }
        }
        let payment = uow.begin_payment(&NewPayment {
            order: id,
            location: order.location_id,
            gateway: pay.gateway,
            amount,
            reference: pay.reference.clone(),
            method: pay.method.clone(),
            is_single_capture: self.is_single_capture,
            is_extra: self.extra.is_some() || is_late,
            tender: None,
            taken_at: None,
        })?;
        uow.change_order(By::of(who), id, OrderEventKind::PaymentBegun, |order| {
            if is_rest {
                order.hold_expires_at = order.hold_expires_at.max(until);
            }
        })?;
        Ok(Outcome::created(id, 1, Some(place), Begun { payment: payment.id, order: id }))
    }
}
