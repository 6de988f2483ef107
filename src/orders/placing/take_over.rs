//! An order takes over a reservation: its goods are given up and held for the order in the same decision.
use crate::{
    inventory::{self, Inventory, ReservationStatus, Stock, StockActions},
    kernel::{Actor, Code, Error, Fault, LocationId, Refusal, ReservationId, Result, actor::Permission},
    platform::group_commit::UnitOfWork,
};

/// The location at which a reservation holds its goods, if the order may be filled there.
pub async fn place_of_reservation(
    inventory: &Inventory,
    actor: &Actor,
    id: ReservationId,
    named: Option<LocationId>,
) -> Result<LocationId> {
    let locations = actor.places(Permission::OrdersPlace);
    let found = inventory.db.read(move |db| inventory::reservations_by_id(db, &locations, &[id])).await?.pop();
    let location = found.ok_or_else(|| Error::not_found("reservation"))?.location_id;
    match named {
        Some(other) if other != location => {
            let said = "the reservation holds its goods at another location";
            let fault = Fault::at("/location_id", Code::InvalidBody.as_str(), said.to_owned());
            Err(Refusal::new(Code::InvalidBody, said).with_faults(vec![fault]).into())
        }
        _ => Ok(location),
    }
}

/// Gives up a reservation whose goods the order holds from the same moment on. It is its maker's, or of someone who may
/// reserve there.
pub fn take_over(uow: &mut UnitOfWork, who: &Actor, id: ReservationId) -> Result<()> {
    let held = uow.of::<Stock>()?.held(id)?.ok_or_else(|| Error::not_found("reservation"))?.reservation.clone();
    if held.principal_id != who.id {
        who.require_at(Permission::InventoryReserve, held.location_id, "reservation")?;
    }
    if held.order_id.is_some() {
        let detail = format!("reservation {id} belongs to an order");
        return Err(Error::refused(Code::ReservationBelongsToOrder, detail));
    }
    uow.end_reservation(id, ReservationStatus::Released).map(|_| ())
}
