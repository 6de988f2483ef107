//! Picking and shipping a whole order: its promised units leave the location.
use super::{
    model::OrderStatus,
    read::OrderView,
    register::Register,
    rules::{self, Move},
    store::NewShipment,
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, OrderId, Result, actor::Permission},
    platform::{
        http::IfMatch,
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};

crate::words! {
    /// How far to go.
    Step {
        /// Begin picking.
        Start = "start",
        /// Hand over to the carrier or the customer, having picked if that was not yet said.
        Ship = "ship",
    }
}

/// What is known of the parcel.
#[derive(Debug, Clone)]
pub struct Fulfil {
    pub step: Step,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
}

struct FulfilJob {
    id: OrderId,
    fulfil: Fulfil,
    if_match: IfMatch,
}

/// Starts picking a confirmed order, or ships it.
pub async fn fulfil(
    inventory: &Inventory,
    actor: Actor,
    id: OrderId,
    fulfil: Fulfil,
    if_match: IfMatch,
    key: Once,
) -> Result<Answer> {
    inventory.intake.submit(actor, Permission::OrdersFulfil, key, FulfilJob { id, fulfil, if_match }).await
}

impl Job for FulfilJob {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Register>()?.want(self.id);
        books.of::<Stock>()?.want_order(self.id);
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let (id, now) = (self.id, books.now);
        let order = books.order(id, who, Permission::OrdersFulfil)?;
        self.if_match.check("the order", order.version)?;
        let Fulfil { step, carrier, tracking_number } = &self.fulfil;
        let is_picked_now = *step == Step::Start || order.status == OrderStatus::Confirmed;
        let row = match (step, is_picked_now) {
            (Step::Start, _) => books.move_order(id, Move::Process, |_| {})?,
            (Step::Ship, _) => {
                let picked = match is_picked_now {
                    true => rules::moved(order.number, order.status, Move::Process)?,
                    false => order.status,
                };
                rules::moved(order.number, picked, Move::Ship)?;
                books.ship(who.id, id)?;
                if is_picked_now {
                    books.move_order(id, Move::Process, |_| {})?;
                }
                books.ship_order(id, NewShipment::of(&order, carrier.clone(), tracking_number.clone(), now))?
            }
        };
        let view = OrderView::from(&row);
        Answer::ok(&view, view.version, Some(order.location_id))
    }
}
