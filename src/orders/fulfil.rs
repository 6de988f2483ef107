//! Picking and shipping a whole order: its promised units leave the location.
use super::{
    events,
    model::OrderStatus,
    read,
    rules::{self, Move},
    store,
};
use crate::{
    inventory,
    kernel::{Actor, OrderId, Result, actor::Permission},
    platform::{
        db::Db,
        http::IfMatch,
        idempotency::{Answer, Once, write_once},
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

/// Starts picking a confirmed order, or ships it.
pub async fn fulfil(
    db: &Db,
    actor: Actor,
    id: OrderId,
    fulfil: Fulfil,
    if_match: IfMatch,
    key: Once,
) -> Result<Answer> {
    write_once(db, actor, Permission::OrdersFulfil, key, move |tx, actor| {
        let mut order = store::lock(tx, id, actor, Permission::OrdersFulfil)?;
        if_match.check("the order", order.version)?;
        if fulfil.step == Step::Start || order.status == OrderStatus::Confirmed {
            order = store::set_status(tx, id, rules::moved(order.number, order.status, Move::Process)?)?;
            events::moved(tx, &order)?;
        }
        if fulfil.step == Step::Ship {
            let after = rules::moved(order.number, order.status, Move::Ship)?;
            inventory::ship(tx, actor, id)?;
            store::insert_shipment(tx, &order, fulfil.carrier.as_deref(), fulfil.tracking_number.as_deref())?;
            order = store::set_status(tx, id, after)?;
            events::moved(tx, &order)?;
        }
        let at = order.location_id;
        let view = read::order_view(tx, order)?;
        Answer::ok(&view, view.version, Some(at))
    })
    .await
}
