//! A change of an order that costs more than was promised, as a saga: the difference is promised first, then the change
//! is made; where it cannot be, the difference is given up again.
use super::edit::{self, Edit, TakenByHand, VoidIncrease};
use crate::{
    kernel::{Code, Expected, OrderId, Result, actor::Permission},
    orders::{
        payment::{Extra, Pay, authorize},
        read::OrderView,
        service::Services,
    },
    payments::GatewayKind,
    platform::idempotency::{Caller, Recorded},
};

/// Changes an order; what more is due then is paid like this.
pub async fn amend(
    services: &Services,
    caller: Caller,
    id: OrderId,
    edit: Edit,
    payer: Option<Pay>,
) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    let inventory = &services.inventory;
    let change = async |edit: &Edit, expected: &Expected| {
        let prepare = async || edit::prepared(inventory, &actor, id, edit.clone(), expected.clone()).await;
        inventory.execute(actor.clone(), Permission::OrdersPlace, key.clone(), prepare).await
    };
    let payer = match change(&edit, &expected).await {
        Err(error) if error.code() == Code::PaymentRequired => payer.ok_or(error)?,
        done => return done,
    };
    if !payer.gateway.is_called() {
        let taken = TakenByHand { reference: payer.reference, tender: payer.tender };
        let by_hand = Edit { by_hand: (payer.gateway == GatewayKind::Manual).then_some(taken), ..edit };
        return change(&by_hand, &expected).await;
    }
    let command = edit::prepared(inventory, &actor, id, edit.clone(), expected.clone()).await?;
    let extra = Extra { total_minor: command.total_minor().unwrap_or_default(), expected };
    let authorized = authorize::authorize_increase(services, actor.clone(), id, payer, extra).await?;
    // The promise has moved the order on: whatever else has happened to it meanwhile is seen by its version.
    match change(&edit, &Expected::OneOf(vec![authorized.version])).await {
        Err(error) => {
            inventory.group_commit.work(VoidIncrease { order: id, payment: authorized.payment }).await?;
            Err(error)
        }
        done => done,
    }
}
