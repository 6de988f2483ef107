//! The outcome of an operation, as it changes an order: authorized, it is confirmed if its goods are held or still
//! here, otherwise the promise is given up; money that was taken or given back is counted.
mod settle;
pub use settle::{finish_due_operations, settle, told};

use crate::{
    inventory::{ShelfLife, StockActions},
    kernel::{Actor, Code, Error, OperationId, OrderId, PaymentId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        model::{OrderEventKind, OrderStatus},
        read::{OrderView, PaidView},
        rules::OrderMove,
        service::Services,
        store::Order,
        timeline::By,
        working_set::Orders,
    },
    payments::{
        self, Applied, GatewayOutcome, Next, OperationKind, Payment, PaymentActions, PaymentStatus, PaymentView,
        Payments,
    },
    platform::{
        failpoint::point,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::Duration;

/// The outcome of an operation, to be written down.
#[derive(Debug, Clone)]
pub struct GatewayAnswer {
    next: Next,
    outcome: GatewayOutcome,
}

/// Asks a gateway for what is next about a payment, if anything is; what is not known is put off.
pub async fn ask(
    services: &Services,
    payment: PaymentId,
    only: Option<OperationKind>,
) -> Result<Option<GatewayAnswer>> {
    let (inventory, money) = (&services.inventory, &services.money);
    let Some(next) = inventory.db.read(move |db| payments::first_open(db, payment)).await? else { return Ok(None) };
    if only.is_some_and(|only| only != next.operation.kind) {
        return Ok(None);
    }
    point("payment_before_call");
    let outcome = money.gateways.ask(&next, inventory.db.clock().now()).await;
    point("payment_after_call");
    let still_waits = next.payment.status == PaymentStatus::RequiresAction;
    let why = match &outcome {
        GatewayOutcome::Unknown(why) => why.clone(),
        GatewayOutcome::NeedsAction { .. } if still_waits => "the payer has not done what is required".to_owned(),
        _ => return Ok(Some(GatewayAnswer { next, outcome })),
    };
    tracing::info!(payment.id = %payment, operation = %next.operation.kind, why, "a gateway's answer is still open");
    let operation = next.operation;
    inventory.db.write(move |tx| payments::put_off(tx, &operation, &why)).await?;
    Ok(None)
}

/// A declined payment is recorded, and its caller is refused.
pub fn require_accepted(payment: &PaymentView) -> Result<()> {
    match payment.status {
        PaymentStatus::Declined => {
            let why = payment.failure.as_deref().unwrap_or("declined");
            Err(Error::refused(Code::PaymentDeclined, format!("the payment was declined: {why}")))
        }
        _ => Ok(()),
    }
}

/// Writes down what came of asking and tells how payment and order stand.
pub async fn record(services: &Services, asked: GatewayAnswer) -> Result<PaidView> {
    let inventory = &services.inventory;
    inventory.group_commit.work(apply_command(services, asked, false)).await
}

/// The same for a caller, once under their key: a declined payment is recorded, and its caller is refused.
pub async fn answer(services: &Services, asked: GatewayAnswer, caller: Caller) -> Result<Recorded<PaidView>> {
    let inventory = &services.inventory;
    let command = apply_command(services, asked, true);
    inventory.group_commit.submit(caller.actor, Permission::OrdersPay, caller.key, command).await
}

fn apply_command(services: &Services, asked: GatewayAnswer, has_caller: bool) -> ApplyOutcome {
    let (inventory, money) = (&services.inventory, &services.money);
    ApplyOutcome {
        hold: money.hold,
        order: asked.next.payment.order_id,
        payment: asked.next.payment.id,
        outcome: Some((asked.next.operation.id, asked.outcome)),
        shelf_life: inventory.shelf_life,
        has_caller,
    }
}

struct ApplyOutcome {
    order: OrderId,
    payment: PaymentId,
    /// The outcome of an operation; none to tell how it stands.
    outcome: Option<(OperationId, GatewayOutcome)>,
    hold: Duration,
    shelf_life: ShelfLife,
    /// True if someone is told of it, and refused if the payment was declined.
    has_caller: bool,
}

impl Command for ApplyOutcome {
    type Output = PaidView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.order)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<PaidView>> {
        let order = uow.of::<Orders>()?.row(self.order)?.order.clone();
        if let Some((operation, outcome)) = &self.outcome {
            let payment = uow.of::<Payments>()?.payment(self.order, self.payment).cloned();
            let is_authorization = payment
                .as_ref()
                .is_some_and(|p| matches!(p.status, PaymentStatus::Pending | PaymentStatus::RequiresAction));
            match (payment, outcome) {
                (Some(payment), GatewayOutcome::Done { .. }) if is_authorization && !payment.is_released => {
                    self.authorized(uow, &order, &payment, *operation, outcome)?;
                }
                _ => self.settled(uow, *operation, outcome)?,
            }
        }
        let gone = || anyhow::anyhow!("payment {} has vanished", self.payment);
        let payment = uow.of::<Payments>()?.payment(self.order, self.payment).cloned().ok_or_else(gone)?;
        let order = OrderView::from(uow.of::<Orders>()?.row(self.order)?);
        let location = uow.of::<Orders>()?.row(self.order)?.order.require_place(Permission::OrdersPay, who).ok();
        let view = PaidView { payment: payment.into(), order };
        if let (true, Err(Error::Refused(why))) = (self.has_caller, require_accepted(&view.payment)) {
            return Ok(Outcome::refused(why.code, why.detail, location));
        }
        Ok(Outcome::created(self.order, view.order.version, location, view))
    }
}

impl ApplyOutcome {
    /// A promise has come: the order is confirmed if it covers all that is due and the goods are held or here.
    fn authorized(
        &self,
        uow: &mut UnitOfWork,
        order: &Order,
        payment: &Payment,
        operation: OperationId,
        outcome: &GatewayOutcome,
    ) -> Result<()> {
        use OrderStatus as S;
        if payment.is_extra && matches!(order.status, S::Confirmed | S::Processing | S::Shipped | S::Delivered) {
            self.settled(uow, operation, outcome)?;
            if order.owed_minor() <= payment.authorized_minor {
                uow.clear_failures(self.order)?;
            }
            // What has left already is taken at once.
            uow.collect_order_due(self.order, order.kept_minor())?;
            return Ok(());
        }
        // More than is due by now (a part was given up meanwhile) covers it too: only what has left is ever taken.
        let due = order.due_minor() - payment.authorized_minor;
        let is_wanted = order.status == OrderStatus::Pending && order.due_minor() > 0;
        let secured = if is_wanted { self.secure(uow, due <= 0) } else { Ok(()) };
        let is_sold_out = match secured {
            Ok(()) => false,
            Err(why) if why.code() == Code::OutOfStock => true,
            Err(why) => return Err(why),
        };
        uow.apply_outcome(self.order, operation, outcome)?;
        let (id, sums) = (self.order, uow.of::<Payments>()?.sums(self.order));
        if !is_wanted {
            let sums = uow.void_payment(id, self.payment)?;
            let by = By::default().for_reason(Some("the order was paid in another way"));
            uow.change_order(by, id, OrderEventKind::PaymentVoided, |order| order.take(sums))?;
        } else if is_sold_out {
            let why = "the payment came when the goods were sold to others";
            uow.cancel_order(By::default().for_reason(Some(why)), id)?;
        } else if due <= 0 {
            uow.move_order(By::default(), id, OrderMove::Confirm, |order| order.take(sums))?;
        } else {
            let (now, hold) = (uow.now, self.hold);
            uow.change_order(By::default(), id, OrderEventKind::PartAuthorized, |order| {
                order.take(sums);
                // What had run out was held anew.
                if order.hold_expires_at <= now {
                    order.hold_expires_at = order.reserved_until(now, hold);
                }
            })?;
        }
        Ok(())
    }

    /// Holds anew what has run out and, where nothing more is due, turns all of it into promises; refused, it has done
    /// nothing.
    fn secure(&self, uow: &mut UnitOfWork, is_last: bool) -> Result<()> {
        let now = uow.now;
        let order = &uow.of::<Orders>()?.row(self.order)?.order;
        let (channel, until) = (order.channel, order.reserved_until(now, self.hold));
        uow.renew_reservation(self.order, self.shelf_life.days(channel), until)?;
        match is_last {
            true => uow.allocate(self.order),
            false => uow.require_reserved(self.order),
        }
    }

    /// Whatever else came of an operation.
    fn settled(&self, uow: &mut UnitOfWork, operation: OperationId, outcome: &GatewayOutcome) -> Result<()> {
        let Applied::Now(payment, kind) = uow.apply_outcome(self.order, operation, outcome)? else { return Ok(()) };
        let sums = uow.of::<Payments>()?.sums(self.order);
        let event = match (kind, outcome) {
            (_, GatewayOutcome::NeedsAction { .. } | GatewayOutcome::Unknown(_)) => return Ok(()),
            (OperationKind::Authorize, GatewayOutcome::Done { .. }) => OrderEventKind::PartAuthorized,
            (OperationKind::Authorize, GatewayOutcome::Refused { .. }) => OrderEventKind::PaymentDeclined,
            (OperationKind::Capture, GatewayOutcome::Done { .. }) => OrderEventKind::PaymentCaptured,
            (OperationKind::Refund, GatewayOutcome::Done { .. }) => OrderEventKind::PaymentRefunded,
            (OperationKind::Void, GatewayOutcome::Done { .. }) => OrderEventKind::PaymentVoided,
            (_, GatewayOutcome::Refused { .. }) => OrderEventKind::PaymentFailed,
        };
        let by = By::default().for_reason(payment.failure.as_deref());
        uow.change_order(by, self.order, event, |order| order.take(sums))?;
        Ok(())
    }
}
