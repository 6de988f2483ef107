//! A way on where money could not be taken or given back: what failed is asked again, or a refund that a gateway
//! refuses is noted as given back by hand. Another payment for what is still owed is an ordinary payment.
use super::outcome::{self};
use crate::{
    kernel::{Actor, Error, Locations, OrderId, Page, PageRequest, PaymentId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        model::{OrderEventKind, OrderStatus},
        read::{OrderView, PaidView, order_view, orders_by_id},
        service::Services,
        timeline::By,
        working_set::Orders,
    },
    payments::{self, Due, ManualRefund, PaymentActions, PaymentView, Payments},
    platform::{
        db::Read,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A way on.
#[derive(Debug, Clone)]
pub enum Resolution {
    /// Ask the gateway again.
    Retry,
    /// Note so many minor units as given back by hand, for a reason.
    RefundedByHand { amount_minor: i64, note: String },
}

/// A payment of which something failed, with the order that it is of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FailedPayment {
    #[serde(flatten)]
    pub payment: PaymentView,
    /// The number of its order.
    pub order_number: i64,
}

/// A page of the payments of which something failed, of orders that one may see, oldest first.
pub fn failed(db: &mut Read, locations: &Locations, page: &PageRequest<PaymentId>) -> Result<Page<FailedPayment>> {
    let page = payments::failed_payments(db, locations, page)?;
    let ids: Vec<_> = page.rows.iter().map(|payment| payment.order_id).collect();
    let orders = orders_by_id(db, &Locations::Everywhere, &ids)?;
    let numbers: HashMap<_, _> = orders.into_iter().map(|order| (order.id, order.number)).collect();
    Ok(page.map(|payment| FailedPayment {
        order_number: numbers.get(&payment.order_id).copied().unwrap_or(0),
        payment: payment.into(),
    }))
}

struct Resolve {
    order: OrderId,
    payment: PaymentId,
    resolution: Resolution,
}

/// Goes on with a payment of which something failed; a gateway that is to be asked again is asked at once.
pub async fn go_on(
    services: &Services,
    caller: Caller,
    payment: PaymentId,
    resolution: Resolution,
) -> Result<Recorded<PaidView>> {
    let Caller { actor, key, .. } = caller;
    let inventory = &services.inventory;
    let permission = match resolution {
        Resolution::Retry => Permission::OrdersPay,
        Resolution::RefundedByHand { .. } => Permission::OrdersSettle,
    };
    let locations = actor.places(permission);
    let order = inventory.db.read(move |db| order_of(db, &locations, payment)).await?;
    let is_retry = matches!(resolution, Resolution::Retry);
    let answer = inventory.group_commit.submit(actor, permission, key, Resolve { order, payment, resolution }).await?;
    if is_retry && !answer.is_replay {
        outcome::settle(services, payment).await?;
    }
    let gone = move || anyhow::anyhow!("payment {payment} has vanished");
    let view = inventory.db.read(move |db| {
        let found = orders_by_id(db, &Locations::Everywhere, &[order])?.pop().ok_or_else(gone)?;
        let payment = payments::payments_by_id(db, &Locations::Everywhere, &[payment])?.pop().ok_or_else(gone)?;
        Ok(PaidView { payment: payment.into(), order: order_view(db, found)? })
    });
    let view = view.await?;
    let outcome = Outcome::changed(view.order.version, Some(view.order.location_id), view);
    Ok(outcome.record()?.marked(answer.is_replay))
}

fn order_of(db: &mut Read, locations: &Locations, id: PaymentId) -> Result<OrderId> {
    let found = payments::payments_by_id(db, &Locations::Everywhere, &[id])?.pop();
    let payment = found.ok_or_else(|| Error::not_found("payment"))?;
    let order = orders_by_id(db, locations, &[payment.order_id])?.pop();
    order.map(|order| order.id).ok_or_else(|| Error::not_found("payment"))
}

impl Command for Resolve {
    type Output = PaidView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.order)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<PaidView>> {
        let id = self.order;
        let permission = match self.resolution {
            Resolution::Retry => Permission::OrdersPay,
            Resolution::RefundedByHand { .. } => Permission::OrdersSettle,
        };
        let order = uow.order(id, who, permission)?;
        let location = order.require_place(permission, who)?;
        let kept = if order.status == OrderStatus::Canceled { 0 } else { order.kept_minor() };
        let sums = uow.of::<Payments>()?.sums(id);
        let owed = sums.captured - sums.asked_refund - kept;
        let (event, note) = match &self.resolution {
            Resolution::Retry => {
                uow.retry_payment(id, self.payment, owed)?;
                match order.status {
                    OrderStatus::Canceled => uow.collect_due(id, Due::NOTHING)?,
                    _ => uow.collect_order_due(id, order.kept_minor())?,
                };
                (OrderEventKind::PaymentBegun, Some("what failed is asked again"))
            }
            Resolution::RefundedByHand { amount_minor, note } => {
                uow.record_manual_refund(id, self.payment, ManualRefund { amount: *amount_minor, owed })?;
                (OrderEventKind::PaymentRefunded, Some(note.as_str()))
            }
        };
        let sums = uow.of::<Payments>()?.sums(id);
        uow.change_order(By::of(who).for_reason(note), id, event, |order| order.take(sums))?;
        let payment = uow.of::<Payments>()?.payment(id, self.payment).cloned();
        let payment = payment.ok_or_else(|| Error::not_found("payment"))?;
        let view = PaidView { payment: payment.into(), order: OrderView::from(uow.of::<Orders>()?.row(id)?) };
        Ok(Outcome::changed(view.order.version, Some(location), view))
    }
}
