//! The order has arrived.
use crate::{
    kernel::{Code, Error, OrderId, Result, ShipmentId, actor::Permission},
    orders::{
        events,
        model::{OrderEventKind, OrderStatus},
        read::{self, OrderView},
        rules::{self, OrderMove},
        store::{self, OrderEvent},
        timeline::By,
    },
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Marks an order that has shipped, or one parcel of it, as delivered. The order is delivered when all its parcels are.
/// A parcel of a location where the actor may not fulfill does not exist for them.
pub async fn deliver(db: &Db, caller: Caller, id: OrderId, parcel: Option<ShipmentId>) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    write_once(db, actor, Permission::OrdersFulfill, key, move |tx, actor| {
        let order = store::lock(tx, id, actor, Permission::OrdersFulfill)?;
        expected.check("the order", order.version)?;
        let at = order.require_place(Permission::OrdersFulfill, actor)?;
        let mut open = store::shipments_of(tx.conn(), &[id])?;
        let locations = actor.places(Permission::OrdersFulfill);
        let is_known = |id| open.iter().any(|shipment| shipment.id == id && locations.include(shipment.location_id));
        if parcel.is_some_and(|parcel| !is_known(parcel)) {
            return Err(Error::not_found("shipment"));
        }
        open.retain(|shipment| shipment.delivered_at.is_none());
        if parcel.is_none() && open.iter().any(|shipment| !locations.include(shipment.location_id)) {
            let detail = format!("order {} has parcels of other locations; name yours as shipment_id", order.number);
            return Err(Error::refused(Code::Forbidden, detail));
        }
        let has_problem = |parcel| open.iter().any(|of| of.id == parcel && of.problem.is_some());
        if let Some(of) = parcel.filter(|parcel| has_problem(*parcel)) {
            let detail = format!("parcel {of} of order {} was reported as lost or as coming back", order.number);
            return Err(Error::refused(Code::ShipmentClosed, detail));
        }
        open.retain(|shipment| shipment.problem.is_none());
        if parcel.is_none() && open.is_empty() && order.status == OrderStatus::Shipped {
            let detail = format!("no parcel of order {} is on its way", order.number);
            return Err(Error::refused(Code::ShipmentClosed, detail));
        }
        if parcel.is_some_and(|parcel| open.iter().all(|shipment| shipment.id != parcel)) {
            let detail = format!("this parcel of order {} has been delivered", order.number);
            return Err(Error::refused(Code::OrderAlreadyDelivered, detail));
        }
        let is_last =
            order.status == OrderStatus::Shipped && open.iter().all(|left| parcel.is_none_or(|p| p == left.id));
        let (after, event) = match parcel {
            Some(_) if !is_last => (order.status, OrderEventKind::PartDelivered),
            _ => (rules::moved(order.number, order.status, OrderMove::Deliver)?, OrderEventKind::Delivered),
        };
        store::deliver_shipments(tx, id, parcel)?;
        let order = store::set_status(tx, id, after)?;
        let (version, now) = (order.version, tx.now());
        let actor_id = By::of(actor).actor;
        store::add_event(tx, &OrderEvent { order_id: id, version, event, actor_id, reason: None, at: now })?;
        let row = read::order_row(tx, order)?;
        events::told(tx, event, &row)?;
        let view = OrderView::from(&row);
        Ok(Outcome::changed(view.version, Some(at), view))
    })
    .await
}
